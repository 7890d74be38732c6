// On every page of who may sign: tells what waits on this device, and has the worker send and keep.
"use strict";
(() => {
  const bar = document.getElementById("waits"), queue = document.getElementById("queue");
  const account = bar.dataset.account, language = document.documentElement.lang;
  const latin = { numberingSystem: "latn" };
  const number = new Intl.NumberFormat(language, latin);
  const instant = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "medium", timeStyle: "short", ...latin });
  let tries = 0, timer;

  const worker = navigator.serviceWorker;
  const ask = (what) => worker?.ready.then((found) => found.active.postMessage(what));
  const put = (part, facts) => {
    for (const each of part.querySelectorAll("[data-put]")) {
      if (facts[each.dataset.put] !== undefined) each.textContent = facts[each.dataset.put];
    }
  };
  const copy = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);
  const line = (text) => Object.assign(document.createElement("li"), { textContent: text });

  function count(name, many) {
    const told = bar.querySelector(`.${name}`), words = number.format(many);
    if (told.textContent !== words) told.textContent = words;
    told.closest("p").hidden = !many;
  }

  function shown(act) {
    const made = copy("act"), { answer, state } = act, one = (selector) => made.querySelector(selector);
    const typed = act.fields.filter(([name, value]) => value.trim() &&
      ["reason", "instrument", "authority", "quantity", "until_on"].includes(name)).map(([, value]) => value);
    put(made, { title: act.title, at: instant.format(act.at), typed: typed.join(" · "), said: answer?.said });
    one(".typed").hidden = !typed.length;
    one('[data-do="drop"]').hidden = Boolean(answer);
    one('[data-do="seen"]').hidden = one(".said").hidden = !answer;
    made.dataset.id = act.id;
    if (!answer) return made;
    const link = one(`[data-put="${state === "applied" ? "receipt" : "link"}"]`);
    link.href = answer.link;
    link.hidden = false;
    one(".faults").append(...answer.faults.map(({ what, remedy }) => line(`${what} ${remedy || ""}`.trim())));
    one(".both").append(...answer.compared.map(both));
    return made;
  }

  function both({ title, rows, since }) {
    const made = copy("both"), first = made.querySelector("tbody tr");
    put(made, { title });
    made.querySelector(".wide").setAttribute("aria-label", title);
    for (const row of rows) {
      const next = first.cloneNode(true);
      put(next, row);
      next.classList.toggle("differs", row.saw !== row.now);
      first.before(next);
    }
    first.remove();
    made.querySelector("ul").append(...since.map(line));
    made.querySelector(".between").hidden = !since.length;
    return made;
  }

  async function tell() {
    const acts = await Waiting.all(account), status = await Waiting.note("status");
    // What is just on its way is no news yet: the page that follows tells it.
    const going = (act) => status !== "off" && Date.now() - act.at < 60000 ? "" : "waiting";
    const stands = (act) => (["trying", "checking"].includes(act.state) ? going(act) : act.state);
    const of = (...states) => acts.filter((act) => states.includes(stands(act)));
    const waiting = of("waiting").length;
    count("to-send", waiting);
    count("to-see", of("changed", "refused").length);
    again(waiting && status !== "sending" && status !== "signed-out");
    if (!queue) return;
    for (const part of queue.querySelectorAll("[data-list]")) {
      const { list } = part.dataset, found = list === "none" ? [] : of(list);
      part.hidden = list === "none" ? acts.length > 0 : !found.length;
      part.querySelector(".acts")?.replaceChildren(...found.map(shown));
    }
    for (const part of queue.querySelectorAll("[data-status]")) {
      part.hidden = !waiting || part.dataset.status !== status;
    }
    queue.hidden = false;
  }

  // While something waits the worker is asked again, ever more rarely: 5, 10, 20 … 300 seconds.
  function again(needed) {
    clearTimeout(timer);
    if (needed) timer = setTimeout(() => { tries += 1; ask("send"); again(true); }, Math.min(5 * 2 ** tries, 300) * 1000);
    else tries = 0;
  }

  queue?.addEventListener("click", async ({ target }) => {
    const wanted = target.dataset.do, id = Number(target.closest("[data-id]")?.dataset.id);
    if (wanted === "send") { tries = 0; ask("send"); }
    if (wanted === "drop" || wanted === "seen") {
      const act = (await Waiting.all(account)).find((each) => each.id === id);
      // What is answered meanwhile stays until its answer was seen.
      if (act && Boolean(act.answer) === (wanted === "seen")) await Waiting.drop(id);
      await tell();
    }
  });
  worker?.addEventListener("message", ({ data }) => {
    for (const form of document.forms) {
      const hint = form.querySelector(".needs-network");
      if (hint && form.elements.key?.value === data.needsNetwork) hint.hidden = false;
    }
  });
  addEventListener("online", () => { tries = 0; ask("send"); });
  Waiting.wire?.addEventListener("message", () => tell().catch(() => null));
  worker?.register("/worker.js").catch(() => null);
  ask({ keep: language });
  tell().catch(() => null); // no store on this device: every form goes the ordinary way
})();
