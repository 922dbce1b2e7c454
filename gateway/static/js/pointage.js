// The roll on a tablet: each tap is a mark with a number and the time it was taken, kept on this
// device until the town has it. The network may come and go, the page be closed and opened again:
// a mark is taken in once, under the login of whoever took it. Without this script the form works.
"use strict";

const RETRY = 20_000;
const MOST = 200;
const PARIS = "Europe/Paris";
const KNOWN_STATES = new Set(["present", "absent", "excused"]);

const form = document.querySelector("form[data-roll]");
const able = window.isSecureContext && "serviceWorker" in navigator && "indexedDB" in window;
if (form && able) {
  takeRoll(form);
}

async function takeRoll(form) {
  const session = form.dataset.roll;
  const account = form.dataset.account;
  const names = JSON.parse(form.dataset.names);
  const address = id => `/api/v1/staff/sessions/${id}/attendance`;
  const queue = await openQueue();
  const line = child => form.querySelector(`[data-child="${child}"]`);
  let lastTaken = 0;
  let trouble = "";
  let sending = null;
  let again = false;

  form.dataset.live = "";
  await queue.forget(day());
  await showKept();
  listen();
  await tell();
  keepForOffline().catch(() => {}); // some browsers allow no worker: then only the queue helps
  await synchronise();
  setInterval(synchronise, RETRY);

  function listen() {
    form.addEventListener("change", event => changed(event.target));
    form.addEventListener("submit", event => {
      event.preventDefault();
      submitted(event.submitter);
    });
    for (const button of form.querySelectorAll("[data-leaves]")) {
      button.hidden = false;
      button.addEventListener("click", () => leaves(button.closest("[data-child]")));
    }
    window.addEventListener("online", synchronise);
    window.addEventListener("offline", tell);
    document.addEventListener("visibilitychange", () => document.hidden || synchronise());
    document.addEventListener("submit", event => {
      if (event.target.getAttribute("action") === "/deconnexion") {
        forgetSheets();
      }
    });
  }

  // What the leader does

  function changed(field) {
    const item = field.closest("[data-child]");
    if (field.name === "sans_reservation") {
      mark(field.value, field.checked ? "present" : "absent");
    } else if (item && field.type === "radio") {
      const comes = field.value === "present" && "hours" in form.dataset && isToday();
      const arrival = hour(item, "arrivee");
      if (comes && arrival && !arrival.value) {
        arrival.value = clock(new Date());
        mark(item.dataset.child, field.value, { arrived_at: new Date().toISOString() });
      } else {
        mark(item.dataset.child, field.value);
      }
    } else if (item && field.type === "time") {
      const said = field.name.startsWith("arrivee") ? "arrived_at" : "left_at";
      check(item, "present");
      mark(item.dataset.child, "present", { [said]: instant(field.value) });
    }
  }

  function leaves(item) {
    hour(item, "depart").value = clock(new Date());
    check(item, "present");
    mark(item.dataset.child, "present", { left_at: new Date().toISOString() });
  }

  async function submitted(button) {
    if (button && button.name === "tous") {
      const waiting = [...form.querySelectorAll("[data-child]")].filter(item => !stateOf(item));
      for (const item of waiting) {
        check(item, "present");
        await mark(item.dataset.child, "present");
      }
    }
    await synchronise();
  }

  async function mark(child, state, said = {}) {
    // Two taps within a millisecond keep their order.
    lastTaken = Math.max(Date.now(), lastTaken + 1);
    await queue.add({
      mark_id: crypto.randomUUID(),
      account,
      session,
      day: day(),
      sent: false,
      body: { child_id: child, state, taken_at: new Date(lastTaken).toISOString(), ...said },
    });
    await tell();
    synchronise();
  }

  // To the town and back

  function synchronise() {
    again = true;
    sending ??= exchangeAll().finally(() => {
      sending = null;
    });
    return sending;
  }

  async function exchangeAll() {
    while (again) {
      again = false;
      await exchange();
    }
  }

  async function exchange() {
    trouble = "";
    try {
      let waiting = await own();
      while (waiting.length) {
        await send(waiting[0].session, waiting);
        waiting = await own();
      }
      await refresh();
    } catch (failure) {
      trouble = failure instanceof Trouble ? failure.message : "network";
    }
    await tell();
  }

  async function own() {
    return (await queue.marks()).filter(known => !known.sent && known.account === account);
  }

  async function send(id, waiting) {
    const batch = waiting.filter(known => known.session === id).slice(0, MOST);
    const answer = await ask(id, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": form.elements.csrf_token.value },
      body: JSON.stringify({
        account_id: account,
        device: navigator.userAgentData?.platform || navigator.platform || "",
        sent_at: new Date().toISOString(),
        marks: batch.map(known => ({ mark_id: known.mark_id, ...known.body })),
      }),
    });
    for (const told of answer.marks) {
      const known = batch.find(one => one.mark_id === told.mark_id);
      await queue.add({ ...known, sent: true, refusal: told.outcome === "refused" ? told.reason : "" });
    }
  }

  // What other leaders said meanwhile, and what became of our own.
  async function refresh() {
    const at = new Date().toISOString();
    const roll = await ask(session, {});
    await queue.keepRoll({ session, day: day(), at, lines: roll.lines.map(brief) });
    await showKept();
  }

  async function ask(id, request) {
    const answer = await fetch(address(id), { ...request, cache: "no-store" });
    if (answer.ok) {
      return answer.json();
    }
    if (answer.status === 401 || answer.status === 403) {
      throw new Trouble("session");
    }
    if (answer.status === 409) {
      throw new Trouble("account");
    }
    if (answer.status === 404 || answer.status === 422) {
      await giveUp(id, await answer.json());
      throw new Trouble("refused");
    }
    throw new Trouble("server");
  }

  // What the town will never take is told once, and not sent for ever.
  async function giveUp(id, problem) {
    for (const known of (await own()).filter(one => one.session === id)) {
      await queue.add({ ...known, sent: true, refusal: problem.detail || problem.title });
    }
  }

  // What the page shows

  // The town's word, then what was said here and is not in it yet.
  async function showKept() {
    const roll = await queue.roll(session);
    for (const told of roll ? roll.lines : []) {
      showLine(told);
    }
    const since = roll ? roll.at : "";
    const marks = (await queue.marks()).filter(known => known.session === session && !known.refusal);
    for (const known of marks.sort(byTime)) {
      if (known.account === account && (!known.sent || known.body.taken_at > since)) {
        showMark(known.body);
      }
    }
  }

  function showLine(told) {
    const item = line(told.child_id);
    const typing = item && document.activeElement.type === "time" && item.contains(document.activeElement);
    if (!item || typing) {
      return;
    }
    check(item, told.state);
    setHour(item, "arrivee", told.arrived_at);
    setHour(item, "depart", told.left_at);
    const late = told.late_pickup_minutes ? ` – parti ${told.late_pickup_minutes} min après la fin` : "";
    const said = item.querySelector("[data-said]");
    const words = marked(told.taken_at, told.marked_by);
    if (!said.textContent.startsWith(words) || !said.textContent.endsWith(late)) {
      said.textContent = words + late;
    }
  }

  function showMark(said) {
    const item = line(said.child_id);
    if (!item) {
      const box = form.querySelector(`[name=sans_reservation][value="${said.child_id}"]`);
      if (box) {
        box.checked = said.state === "present";
      }
      return;
    }
    check(item, said.state);
    if (said.state !== "present") {
      setHour(item, "arrivee", null);
      setHour(item, "depart", null);
    }
    if ("arrived_at" in said) {
      setHour(item, "arrivee", said.arrived_at);
    }
    if ("left_at" in said) {
      setHour(item, "depart", said.left_at);
    }
    item.querySelector("[data-said]").textContent = marked(said.taken_at, account);
  }

  // How many are marked present, in the head; not there where only some children are shown.
  function countPresent() {
    const shown = document.querySelector("[data-present]");
    if (shown) {
      const present = form.querySelectorAll(
        "[type=radio][value=present]:checked, [name=sans_reservation]:checked",
      ).length;
      const plural = present > 1 ? "s" : "";
      shown.textContent = `${present} pointé${plural} présent${plural}`;
    }
  }

  async function tell() {
    countPresent();
    const marks = await queue.marks();
    const count = marks.filter(known => !known.sent && known.account === account).length;
    const others = marks.filter(known => !known.sent && known.account !== account).length;
    const region = document.querySelector("[data-sync]");
    const offline = !navigator.onLine || trouble === "network";
    const tone = trouble && trouble !== "network" ? "danger" : offline || count ? "warning" : "success";
    region.hidden = false;
    region.className = `sync sync--${tone}`;
    const words = sentence(count, offline) + (others ? ` ${waiting(others)} d’un autre compte sur cet appareil.` : "");
    const shown = region.querySelector("[data-sync-words]");
    if (shown.textContent !== words) {
      shown.textContent = words;
    }
    region.querySelector("[data-sync-door]").hidden = !["session", "account"].includes(trouble);
    showRefusals(marks.filter(known => known.refusal && known.account === account && known.session === session));
  }

  function sentence(count, offline) {
    if (trouble === "session") {
      return `Votre session est terminée – ${waiting(count)}, gardés sur cet appareil.`;
    }
    if (trouble === "account") {
      return `Un autre compte est ouvert sur cet appareil – ${waiting(count)} que vous reveniez.`;
    }
    if (offline) {
      return count ? `Hors ligne – ${waiting(count)}` : "Hors ligne – vous pouvez pointer, rien ne se perd.";
    }
    if (trouble === "server") {
      return `Le serveur ne répond pas – ${waiting(count)}`;
    }
    return count ? `Envoi en cours – ${waiting(count)}` : "Tout est enregistré";
  }

  function showRefusals(refused) {
    const list = document.querySelector("[data-sync-refused]");
    list.hidden = refused.length === 0;
    list.replaceChildren(
      ...refused.map(known => {
        const entry = document.createElement("li");
        const name = document.getElementById(`nom-${known.body.child_id}`);
        entry.textContent = `${name ? name.firstChild.textContent.trim() : "Enfant"} : ${known.refusal}`;
        return entry;
      }),
    );
  }

  // The page, its styles and scripts, for when there is no network

  async function keepForOffline() {
    await navigator.serviceWorker.register("/agents/seances/hors-ligne.js", { scope: "/agents/seances/" });
    const worker = (await navigator.serviceWorker.ready).active;
    // The first time the page came before its keeper; later ones come through it and are kept.
    if (location.search || (await caches.match(location.pathname, { ignoreVary: true }))) {
      form.dataset.kept = "";
      return;
    }
    navigator.serviceWorker.addEventListener("message", event => {
      if (event.data.kept) {
        form.dataset.kept = "";
      }
    });
    const parts = performance.getEntriesByType("resource").map(entry => new URL(entry.name).pathname);
    const fixed = parts.filter(path => path.startsWith("/static/"));
    worker.postMessage({ keep: [...new Set([location.pathname, ...fixed])] });
  }

  async function forgetSheets() {
    for (const name of await caches.keys()) {
      if (name.startsWith("feuilles-")) {
        caches.delete(name);
      }
    }
  }

  // Small things

  // Who else marked meanwhile has no name here until the page is made again.
  function marked(at, by) {
    const name = names[by];
    return `Pointé à ${clock(new Date(at))}${name ? ` par ${name}` : ""}`;
  }

  function isToday() {
    return form.dataset.day === day();
  }

  function instant(text) {
    return text ? parisInstant(form.dataset.day, text).toISOString() : null;
  }

  function hour(item, which) {
    return item.querySelector(`[name="${which}-${item.dataset.child}"]`);
  }

  function setHour(item, which, at) {
    const field = hour(item, which);
    if (field) {
      field.value = at ? clock(new Date(at)) : "";
    }
  }

  function check(item, state) {
    const box = KNOWN_STATES.has(state) && item.querySelector(`[value="${state}"][type=radio]`);
    if (box) {
      box.checked = true;
    }
  }

  function stateOf(item) {
    return item.querySelector("input[type=radio]:checked")?.value;
  }
}

class Trouble extends Error {}

function waiting(count) {
  return `${count} pointage${count > 1 ? "s" : ""} en attente`;
}

// Hours and days are those of Paris, whatever the zone of this device.

function clock(when) {
  return when.toLocaleTimeString("fr-FR", { timeZone: PARIS, hour: "2-digit", minute: "2-digit" });
}

function day() {
  return new Date().toLocaleDateString("sv-SE", { timeZone: PARIS });
}

function parisInstant(date, time) {
  const asUtc = new Date(`${date}T${time}Z`);
  const inParis = new Date(`${asUtc.toLocaleString("sv-SE", { timeZone: PARIS }).replace(" ", "T")}Z`);
  return new Date(2 * asUtc - inParis);
}

function byTime(one, other) {
  return one.body.taken_at < other.body.taken_at ? -1 : 1;
}

function brief({ child_id, state, arrived_at, left_at, late_pickup_minutes, taken_at, marked_by }) {
  return { child_id, state, arrived_at, left_at, late_pickup_minutes, taken_at, marked_by };
}

// The queue, in the browser's own database: numbers and states, no name and nothing of health.

async function openQueue() {
  const opened = await done(
    Object.assign(indexedDB.open("pointage", 1), {
      onupgradeneeded: event => {
        event.target.result.createObjectStore("marks", { keyPath: "mark_id" });
        event.target.result.createObjectStore("rolls", { keyPath: "session" });
      },
    }),
  );
  const store = (name, mode) => opened.transaction(name, mode).objectStore(name);
  return {
    marks: () => done(store("marks", "readonly").getAll()),
    add: known => done(store("marks", "readwrite").put(known)),
    roll: session => done(store("rolls", "readonly").get(session)),
    keepRoll: roll => done(store("rolls", "readwrite").put(roll)),
    // What the town has is of no use here after its day; what it has not is kept.
    async forget(present) {
      for (const known of await this.marks()) {
        if (known.sent && known.day !== present) {
          await done(store("marks", "readwrite").delete(known.mark_id));
        }
      }
      for (const roll of await done(store("rolls", "readonly").getAll())) {
        if (roll.day !== present) {
          await done(store("rolls", "readwrite").delete(roll.session));
        }
      }
    },
  };
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
