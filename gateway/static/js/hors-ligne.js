// Keeps the rolls opened today, so that a tablet goes on without a network. Rosters are health
// data: what was kept goes at the end of the day, at sign-out, and as soon as the portal no longer
// shows the page to whoever asks.
"use strict";

const KEPT = "feuilles-";
const SHEET = /^\/agents\/seances\/[0-9a-f-]{36}$/;
const GONE = `<!doctype html><html lang="fr"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Hors ligne</title>
<h1>Cette feuille n’est pas disponible hors ligne</h1>
<p>Ouvrez-la une fois avec le réseau, le jour même ; elle reste ensuite sur cet appareil jusqu’au soir.
Les pointages déjà faits sont gardés et partiront au retour du réseau.</p>`;

// The day on the tablet's own clock: sv-SE writes it 2026-11-27.
const today = () => KEPT + new Date().toLocaleDateString("sv-SE");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => {
  event.waitUntil(Promise.all([self.clients.claim(), forgetEarlierDays()]));
});

self.addEventListener("message", event => {
  if (event.data.keep) {
    event.waitUntil(keep(event.data.keep).then(() => event.source.postMessage({ kept: true })));
  }
});

self.addEventListener("fetch", event => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) {
    return;
  }
  if (event.request.mode === "navigate" && SHEET.test(pathname)) {
    event.respondWith(sheet(event.request, pathname));
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(part(event.request));
  }
});

async function forgetEarlierDays() {
  const names = await caches.keys();
  const earlier = names.filter(name => name.startsWith(KEPT) && name !== today());
  await Promise.all(earlier.map(name => caches.delete(name)));
}

// Parts have an address that changes with their content, so one that is kept is the right one.
async function keep(addresses) {
  await forgetEarlierDays();
  const cache = await caches.open(today());
  await Promise.all(
    addresses.map(async address => {
      const answer = await fetch(address);
      if (answer.ok && !answer.redirected) {
        await cache.put(address, answer);
      }
    }),
  );
}

async function sheet(request, pathname) {
  await forgetEarlierDays();
  const cache = await caches.open(today());
  const kept = () => cache.match(pathname, { ignoreVary: true });
  try {
    const answer = await fetch(request);
    if (answer.type === "opaqueredirect") {
      // Led elsewhere, to the sign-in page above all: not for whoever holds the tablet now.
      await caches.delete(today());
    } else if (answer.ok && !new URL(request.url).search) {
      await cache.put(pathname, answer.clone());
    }
    return answer.status < 500 ? answer : (await kept()) || answer;
  } catch {
    const headers = { "Content-Type": "text/html; charset=utf-8" };
    return (await kept()) || new Response(GONE, { status: 503, headers });
  }
}

async function part(request) {
  const cache = await caches.open(today());
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) {
    return kept;
  }
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
  }
  return answer;
}
