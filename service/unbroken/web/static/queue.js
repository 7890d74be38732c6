// The acts that wait on this device, in IndexedDB: shared by the pages and the worker.
"use strict";
self.Waiting = (() => {
  const OPEN = ["waiting", "trying", "checking"];
  const wire = self.BroadcastChannel ? new BroadcastChannel("unbroken-waiting") : null;
  let opened;

  const asked = (request) => new Promise((give, fail) => {
    request.onsuccess = () => give(request.result);
    request.onerror = () => fail(request.error);
  });

  function open() {
    opened ??= new Promise((give, fail) => {
      const request = indexedDB.open("unbroken", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("acts", { keyPath: "id", autoIncrement: true });
        request.result.createObjectStore("notes");
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opened = undefined; };
        give(request.result);
      };
      request.onerror = () => fail(request.error);
      request.onblocked = () => fail(new Error("blocked"));
    }).catch((error) => { opened = undefined; throw error; });
    return opened;
  }

  // What `work` wrote is on the disk, or an error is thrown: never in between.
  async function change(store, work) {
    const writing = (await open()).transaction(store, "readwrite", { durability: "strict" });
    const done = new Promise((give, fail) => {
      writing.oncomplete = give;
      writing.onabort = () => fail(writing.error);
    });
    const result = await work(writing.objectStore(store));
    await done;
    wire?.postMessage("changed");
    return result;
  }

  const read = async (store, work) => work((await open()).transaction(store).objectStore(store));
  const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  return {
    wire,
    all: (account) => read("acts", async (acts) =>
      (await asked(acts.getAll())).filter((act) => !account || act.account === account)),
    // The same form once more is the same act; the same form filled in differently is another one.
    add: (act) => change("acts", async (acts) => {
      const known = await asked(acts.getAll());
      const twin = known.find((each) => each.account === act.account && each.key === act.key);
      if (twin && OPEN.includes(twin.state) && alike(twin.fields, act.fields)) return twin.id;
      if (twin && !alike(twin.fields, act.fields)) {
        const key = crypto.randomUUID();
        act.fields = act.fields.map(([name, value]) => [name, name === "key" ? key : value]);
        act.key = key;
      }
      return asked(acts.add(act));
    }),
    patch: (id, facts) => change("acts", async (acts) => {
      const act = await asked(acts.get(id));
      if (act) await asked(acts.put({ ...act, ...facts }));
    }),
    drop: (id) => change("acts", (acts) => asked(acts.delete(id))),
    note: (name) => read("notes", (notes) => asked(notes.get(name))),
    write: (name, value) => change("notes", (notes) => asked(notes.put(value, name))),
  };
})();
