// Deposits: several pages chosen one after the other, dropped or photographed; the progress of the
// sending. Everything here works without it as well: the form then sends its fields as they are.
"use strict";

for (const form of document.querySelectorAll("form[data-depot]")) {
  enhance(form);
}

function enhance(form) {
  const part = name => form.querySelector(`[data-depot-${name}]`);
  const files = form.elements.fichier;
  const camera = form.elements.photo;
  const zone = part("zone");
  let chosen = [];

  part("invite").hidden = !matchMedia("(hover: hover)").matches;
  for (const input of [files, camera]) {
    input.addEventListener("change", () => add(input));
  }
  for (const kind of ["dragover", "dragenter"]) {
    zone.addEventListener(kind, event => {
      event.preventDefault();
      zone.classList.add("drop--over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    zone.addEventListener(kind, () => zone.classList.remove("drop--over"));
  }
  zone.addEventListener("drop", event => {
    event.preventDefault();
    keep([...chosen, ...event.dataTransfer.files]);
  });
  form.addEventListener("submit", event => {
    event.preventDefault();
    send();
  });

  // A field forgets its files when others are chosen: the pages are gathered here.
  function add(input) {
    const fresh = [...input.files].filter(file => !chosen.includes(file));
    if (input === camera) {
      camera.value = "";
    }
    keep([...chosen, ...fresh]);
  }

  function keep(wanted) {
    chosen = wanted;
    const transfer = new DataTransfer();
    for (const file of chosen) {
      transfer.items.add(file);
    }
    files.files = transfer.files;
    chosen = [...files.files];
    show();
  }

  function show() {
    const list = part("files");
    list.hidden = chosen.length === 0;
    list.replaceChildren(...chosen.map(line));
    const pages = chosen.length === 1 ? "1 fichier choisi." : `${chosen.length} fichiers choisis.`;
    part("said").textContent = chosen.length ? pages : "Aucun fichier choisi.";
  }

  function line(file, place) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const remove = document.createElement("button");
    name.textContent = file.name;
    remove.type = "button";
    remove.className = "button button--plain button--small";
    remove.textContent = "Retirer";
    remove.setAttribute("aria-label", `Retirer ${file.name}`);
    remove.addEventListener("click", () => {
      keep(chosen.filter((_, other) => other !== place));
      files.focus();
    });
    item.append(name, remove);
    return item;
  }

  function send() {
    const request = new XMLHttpRequest();
    const progress = part("progress");
    const button = form.querySelector("button:not([type])");
    request.upload.addEventListener("progress", event => {
      progress.querySelector("progress").value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => answered(request));
    // The form itself tells better than we could what a browser does without a network.
    request.addEventListener("error", () => form.submit());
    request.open("POST", form.action);
    // So the page after the redirect keeps its message for the browser that goes there.
    request.setRequestHeader("HX-Request", "true");
    request.send(new FormData(form));
    progress.hidden = false;
    button.disabled = true;
    part("said").textContent = "Envoi en cours.";
  }

  function answered(request) {
    if (request.status < 300) {
      location.assign(request.responseURL.split("#")[0]);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const fresh = page.querySelector("main");
    document.title = page.title;
    document.querySelector("main").replaceWith(fresh);
    for (const again of fresh.querySelectorAll("form[data-depot]")) {
      enhance(again);
    }
    fresh.querySelector("[role=alert]")?.focus();
  }
}
