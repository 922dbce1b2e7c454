// On the pages at which a session ends: the rosters kept for when there is no network go, and what
// was read of the roll. Marks that were not sent yet stay, without any name, until the leader who
// took them comes back.
"use strict";

forgetSheets();
forgetRolls();

async function forgetSheets() {
  const names = "caches" in window ? await caches.keys() : [];
  for (const name of names.filter(known => known.startsWith("feuilles-"))) {
    caches.delete(name);
  }
}

async function forgetRolls() {
  // Looked for first: opening a database that is not there would make an empty one.
  const known = (await window.indexedDB?.databases?.()) || [];
  if (!known.some(database => database.name === "pointage")) {
    return;
  }
  const opening = indexedDB.open("pointage");
  opening.onsuccess = () => {
    const forgetting = opening.result.transaction(["marks", "rolls"], "readwrite");
    forgetting.objectStore("rolls").clear();
    const marks = forgetting.objectStore("marks");
    marks.getAll().onsuccess = event => {
      for (const mark of event.target.result.filter(one => one.sent)) {
        marks.delete(mark.mark_id);
      }
    };
  };
}
