// Stands between pages and network. HERE, the version and its files, is put before by the server.
"use strict";
importScripts(HERE.files.find((file) => file.endsWith("/queue.js")));

const STATIC = `static-${HERE.version}`, PAGES = "pages", WAITING = "/inbox/waiting";
const LIFE = crypto.randomUUID(); // what an earlier life of this worker was trying was cut off
const READ = 8000, ACT = 20000, SEND = 30000, REFRESH = 15 * 60 * 1000, KEEP = 14 * 24 * 3600 * 1000;
const ACTS = /^\/capacities\/[0-9a-f-]{36}\/acts$|^\/inbox\/package$/;
const CAME = ["applied", "changed", "refused", "later"];

self.addEventListener("install", (event) => event.waitUntil(
  caches.open(STATIC).then((cache) => cache.addAll(HERE.files)).then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => event.waitUntil(clients.claim()));

self.addEventListener("sync", (event) => event.waitUntil(send()));
self.addEventListener("message", (event) => event.waitUntil(
  event.data.keep ? keep(event.data.keep).then(send) : send()));

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  } else if (request.mode !== "navigate") {
    return;
  } else if (request.method === "GET") {
    event.respondWith(readPage(event, url));
  } else if (ACTS.test(url.pathname)) {
    event.respondWith(act(event, url));
  } else if (url.pathname === "/sign-out") {
    event.respondWith(wipe().then(() => fetch(request)));
  }
});

const within = (milliseconds, work) => Promise.race([
  work, new Promise((_, fail) => setTimeout(() => fail(new Error("slow")), milliseconds))]);

async function keptPage(address) {
  const kept = await caches.match(address, { cacheName: PAGES }).catch(() => null);
  return kept && Date.now() - Number(kept.headers.get("x-kept")) < KEEP ? kept : null;
}

async function readPage(event, url) {
  const kept = await keptPage(url.pathname + url.search);
  try {
    const going = fetch(event.request);
    const answer = await (kept ? within(READ, going) : going);
    event.waitUntil(whose(answer).then(send).catch(() => null));
    return answer;
  } catch (error) {
    return kept || (await keptPage("/offline")) || Response.error();
  }
}

// Kept pages belong to one account: the page of another, or of nobody, ends them.
async function whose(answer) {
  const account = answer.headers.get("unbroken-account"), known = await Waiting.note("account");
  if (known && account !== null && account !== known) await wipe();
}

// What is being fetched for the pages of before does not come back after this.
const wipe = () => navigator.locks.request("unbroken-pages", async () => {
  await caches.delete(PAGES);
  await Waiting.write("wiped", crypto.randomUUID());
  for (const name of ["account", "kept"]) await Waiting.write(name, null);
}).catch(() => caches.delete(PAGES));

// An act is written down before it is sent: whatever happens to the browser, it is not lost.
async function act(event, url) {
  const { request } = event;
  const fields = [...(await request.clone().formData())].filter(([, value]) => typeof value === "string");
  const told = (name) => (fields.find(([known]) => known === name) || [])[1] || "";
  const ready = told("waits") && (await keptPage(WAITING));
  const id = ready ? await noteDown(url, fields, told).catch(() => null) : null;
  if (id === null) return fetch(request).catch(() => stay(told("key")));
  if (told("csrf")) {
    const answer = await within(ACT, fetch(request)).catch(() => null);
    if (answer && [403, 404, 409, 412, 413, 422].includes(answer.status)) {
      await Waiting.drop(id).catch(() => null);
      return answer;
    }
    if (answer?.type === "opaqueredirect") {
      // Where it leads cannot be read here, and others than the service may have said so: asking
      // once more is cheap, and the service does nothing twice.
      await Waiting.patch(id, { state: "checking" }).catch(() => null);
      event.waitUntil(send());
      return answer;
    }
  }
  await Waiting.patch(id, { state: "waiting" });
  await self.registration.sync?.register("send").catch(() => null);
  event.waitUntil(send());
  return Response.redirect(WAITING, 303);
}

const noteDown = (url, fields, told) => Waiting.add({
  account: told("account"), address: url.pathname, key: told("key"), title: told("waits"),
  fields: fields.filter(([name]) => !["csrf", "waits"].includes(name)),
  at: Date.now(), state: "trying", life: LIFE,
});

// The page stays as it is, with what was typed, and says that it needs the network.
async function stay(key) {
  for (const client of await clients.matchAll({ type: "window" })) client.postMessage({ needsNetwork: key });
  return new Response(null, { status: 204 });
}

// One at a time, in the order in which they were written, whatever tabs are open.
function send() {
  return navigator.locks.request("unbroken-send", async () => {
    if (!(await open()).length) return;
    let session = await standing();
    if (!session?.account) { await status(session ? "signed-out" : "off"); return; }
    const { account } = session, left = new Set();
    let end = "", signed = false;
    await status("sending");
    for (let next; (next = (await open(account)).find((each) => !left.has(each.address)));) {
      let answer = await post(next, session.csrf);
      if (answer?.status === 403) { // the token may be that of an older sign-in
        session = (await standing()) || session;
        answer = session.account === account ? await post(next, session.csrf) : { status: 401 };
      }
      if (!answer || answer.status === 401) { end = answer ? "signed-out" : "off"; break; }
      if (answer.came === "later") { left.add(next.address); end = "later"; continue; }
      if (next.state === "checking" && answer.again) await Waiting.drop(next.id);
      else await Waiting.patch(next.id, { state: answer.came, answer, settled: Date.now() });
      signed ||= answer.came === "applied";
    }
    await status(end);
    if (signed) await keep();
  }).catch(() => null);
}

const open = async (account) => (await Waiting.all(account)).filter((each) =>
  ["waiting", "checking"].includes(each.state) || (each.state === "trying" && each.life !== LIFE));
const status = async (now) => {
  if ((await Waiting.note("status")) !== now) await Waiting.write("status", now);
};

async function asked(address, options) {
  const ended = new AbortController(), timer = setTimeout(() => ended.abort(), SEND);
  try {
    const answer = await fetch(address, { redirect: "error", cache: "no-store", signal: ended.signal, ...options });
    const policy = answer.headers.get("content-security-policy");
    return { status: answer.status, policy, body: JSON.parse(await answer.text()) };
  } catch (error) {
    return null; // no network, an answer cut off, or a stranger's page in its place
  } finally {
    clearTimeout(timer);
  }
}

const standing = async () => {
  const found = await asked("/offline/session");
  return typeof found?.body.account === "string" ? found.body : null;
};

async function post(entry, csrf) {
  const body = new URLSearchParams([...entry.fields, ["csrf", csrf]]);
  const found = await asked(entry.address, { method: "POST", body, headers: { accept: "application/json" } });
  if (!found) return null;
  const { status: code, body: told } = found;
  if (code >= 500 || code === 429) return { came: "later" };
  if (CAME.includes(told.came)) return { ...told, status: code };
  if (!String(told.type).startsWith("urn:unbroken:problem:")) return null;
  const faults = told.problems.length ? told.problems : [{ path: "", what: told.detail, remedy: told.remedy }];
  return { came: "refused", status: code, said: told.title, faults, compared: [], link: entry.address.replace(/\/acts$/, "") };
}

// The server says which pages may be kept, and sends them; nothing else of a page is ever stored.
// Told a `language` they are kept when that is due, otherwise at once.
function keep(language) {
  return navigator.locks.request("unbroken-keep", async () => {
    const [known, wiped] = [await Waiting.note("kept"), await Waiting.note("wiped")];
    const last = known?.version === HERE.version && known.language === language ? known : null;
    if (last && !last.next && Date.now() - last.at < REFRESH) return;
    const round = last?.next ? last.round : crypto.randomUUID();
    const found = await asked(last?.next || "/offline/pages");
    const now = { round, version: HERE.version, language: language || known?.language };
    if (found?.status === 200) await store(found, now, wiped);
  }).catch(() => null);
}

async function store({ body: { account, pages, next }, policy }, now, wiped) {
  const known = await Waiting.note("account");
  if (known && known !== account) return wipe();
  return navigator.locks.request("unbroken-pages", async () => {
    if ((await Waiting.note("wiped")) !== wiped) return;
    await Waiting.write("account", account);
    const cache = await caches.open(PAGES), headers = {
      "content-type": "text/html; charset=utf-8", "content-security-policy": policy,
      "x-kept": String(Date.now()), "x-round": now.round };
    for (const { address, html } of pages) await cache.put(address, new Response(html, { headers }));
    if (!next) await forget(cache, now.round);
    await Waiting.write("kept", { ...now, at: Date.now(), next });
  });
}

// Pages that wait for nobody any more go, and then the files of earlier versions.
async function forget(cache, round) {
  for (const each of await cache.keys()) {
    if ((await cache.match(each)).headers.get("x-round") !== round) await cache.delete(each);
  }
  for (const name of await caches.keys()) if (![STATIC, PAGES].includes(name)) await caches.delete(name);
}
