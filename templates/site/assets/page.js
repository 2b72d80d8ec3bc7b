/* Tabs, copy buttons and the registry's address. Without this script, pages show the same, one below the other. */
"use strict";

(() => {
  const root = new URL("../", document.currentScript.src).href.split("?")[0];
  const announcer = document.getElementById("announcer");

  // Where these pages lie is where the registry is, unless its address is odd enough to be no good in a shell.
  if (/^https?:[\w:/.%~-]+$/.test(root)) {
    for (const place of document.querySelectorAll(".registry")) place.textContent = root.replace(/\/$/, "");
  }

  for (const pre of document.querySelectorAll("pre[data-copy]")) {
    const button = document.createElement("button");
    const what = document.createElement("span");
    button.type = "button";
    button.className = "copy";
    what.className = "unseen";
    what.textContent = " " + pre.dataset.copy;
    button.append("Copy", what);
    button.addEventListener("click", async () => {
      const done = await copy(pre);
      button.firstChild.data = done ? "Copied" : "Selected";
      say(done ? "Copied" : "Selected: copy it with your browser");
      setTimeout(() => { button.firstChild.data = "Copy"; }, 2500);
    });
    pre.after(button);
  }

  for (const group of document.querySelectorAll("[data-tabs]")) tabs(group);

  function say(text) {
    announcer.textContent = "";
    setTimeout(() => { announcer.textContent = text; }, 50);
  }

  async function copy(pre) {
    try {
      await navigator.clipboard.writeText(pre.textContent + "\n");
      return true;
    } catch { // not a secure page, or forbidden
      getSelection().selectAllChildren(pre);
      return document.execCommand("copy");
    }
  }

  function tabs(group) {
    const panels = [...group.querySelectorAll("[data-tab]")];
    if (panels.length < 2) return;
    const list = document.createElement("div");
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", group.dataset.tabs);
    const buttons = panels.map((panel) => {
      const button = document.createElement("button");
      button.type = "button";
      button.id = "tab-" + panel.id;
      button.textContent = panel.dataset.tab;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      panel.querySelector("h3").hidden = true;
      button.addEventListener("click", () => choose(button));
      return button;
    });
    list.append(...buttons);
    group.prepend(list);
    list.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      const button = buttons[(to + buttons.length) % buttons.length];
      button.focus();
      choose(button);
    });

    function choose(chosen, remember = true) {
      buttons.forEach((button, i) => {
        button.setAttribute("aria-selected", button === chosen);
        button.tabIndex = button === chosen ? 0 : -1;
        panels[i].hidden = button !== chosen;
      });
      try {
        if (remember) localStorage.setItem("tinypack-ecosystem", chosen.textContent);
      } catch { /* storage is forbidden: the next page starts with the first tab */ }
    }

    let last = "";
    try {
      last = localStorage.getItem("tinypack-ecosystem");
    } catch { /* as above */ }
    choose(buttons.find((button) => button.textContent === last) || buttons[0], false);
  }
})();
