/* Search as you type: words are looked up in small files, of which each query loads few. See registry/site/search.py. */
"use strict";

(() => {
  const SHOWN = 20, TRIED = 60, LONGEST = 32, WAIT = 80;
  const site = new URL("./", document.currentScript.src);
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const status = document.getElementById("search-status");
  const arriving = new Map(), files = new Map();
  let asked = 0, waiting = 0;

  window.tinypack = (name, data) => arriving.get(name)?.(data);

  function file(name) {
    if (!files.has(name)) {
      files.set(name, new Promise((resolve) => {
        const script = document.createElement("script");
        const end = (data) => { arriving.delete(name); script.remove(); resolve(data); };
        arriving.set(name, end);
        script.onload = script.onerror = () => { if (arriving.get(name) === end) { files.delete(name); end(null); } };
        script.src = new URL(`search/${name}.js`, site);
        document.head.append(script);
      }));
    }
    return files.get(name);
  }

  const filename = (prefix) =>
    [...prefix].map((char) => /[a-z0-9]/i.test(char) ? char : `_${char.codePointAt(0).toString(16)}_`).join("");

  // Go down from the first file to the one that holds a key, or all keys that begin with it.
  async function descend(kind, key) {
    for (let prefix = ""; ;) {
      const data = await file(kind + filename(prefix));
      const next = data?.next?.find((each) => each.startsWith(key) || key.startsWith(each));
      if (!data || !data.next || (prefix.startsWith(key) && prefix) || next === undefined) return data;
      prefix = next;
    }
  }

  // Name -> rank of the packages with a word that begins so, and whether these are all.
  async function lookUp(word) {
    const data = await descend("w-", word), ranks = new Map();
    if (!data) return { ranks, whole: true };
    let whole = !data.best?.length || !data.next.length;
    const add = (names, rank) => names.forEach((name) => ranks.set(name, Math.min(rank, ranks.get(name) ?? 9)));
    for (const [key, value] of Object.entries(data.held)) {
      if (!key.startsWith(word)) continue;
      const exact = key === word ? 0 : 0.5;
      value.slice(0, -1).forEach((names, rank) => add(names, rank + exact));
      whole = whole && Boolean(value.at(-1));
    }
    data.best?.forEach((name, i) => add([name], 2 + i / 1000));
    return { ranks, whole };
  }

  async function packageOf(name) {
    return (await descend("n-", name))?.held[name];
  }

  const wordsOf = (text) =>
    (text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) || []).map((word) => [...word].slice(0, LONGEST).join(""));

  async function search(text) {
    const all = wordsOf(text), long = all.filter((word) => word.length > 1); // as the index has them
    const words = long.length ? long : all;
    const lists = await Promise.all(words.map(lookUp));
    const whole = lists.filter((list) => list.whole), parts = lists.filter((list) => !list.whole);
    const [pool, ...others] = [...whole, ...parts].sort((a, b) => b.whole - a.whole || a.ranks.size - b.ranks.size);
    const query = words.join("-");
    const rank = (name) => lists.reduce((sum, list) => sum + (list.ranks.get(name) ?? 3), 0) -
      (name === query ? 9 : name.startsWith(query) ? 1 : 0);
    const names = [...pool.ranks.keys()].filter((name) => others.every((list) => !list.whole || list.ranks.has(name)));
    names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    // Where the packages of a word are too many to list, a package itself tells whether it has the word.
    const doubts = (name) => words.filter((_, i) => !lists[i].whole && !lists[i].ranks.has(name));
    const good = names.filter((name) => !doubts(name).length);
    let more = !pool.whole || good.length > SHOWN;
    if (good.length < SHOWN && parts.length) {
      const tried = names.filter((name) => doubts(name).length).slice(0, TRIED);
      const packages = await Promise.all(tried.map(packageOf));
      tried.forEach((name, i) => {
        const [, description, , , tags] = packages[i] || [];
        const own = wordsOf(`${name} ${tags} ${description}`);
        if (doubts(name).every((word) => own.some((each) => each.startsWith(word)))) good.push(name);
      });
      more = more || tried.length === TRIED;
    }
    return { names: good.slice(0, SHOWN), more };
  }

  function item(name) {
    const li = document.createElement("li"), link = document.createElement("a"), version = document.createElement("span");
    const about = document.createElement("p"), text = document.createElement("bdi");
    const notes = document.createElement("p"), badge = document.createElement("span");
    link.className = "name";
    link.href = new URL(`../packages/${name}/index.html`, site);
    link.textContent = name;
    version.className = "version";
    notes.className = "notes";
    about.append(text);
    notes.append(badge);
    li.append(link, " ", version, about, notes);
    packageOf(name).then((data) => {
      if (!data) return;
      [version.textContent, text.textContent, badge.className, badge.textContent] = data;
      badge.classList.add("badge");
    });
    return li;
  }

  async function update() {
    const mine = ++asked, text = input.value;
    if (!wordsOf(text).length) {
      found.hidden = true;
      status.textContent = "";
      return;
    }
    const result = await search(text);
    if (mine !== asked) return; // more was typed meanwhile
    const list = document.createElement("ul"), count = result.names.length;
    list.className = "packages";
    list.append(...result.names.map(item));
    const heading = document.createElement("h1");
    const said = !count ? "Nothing fits" : result.more ? `The best ${count} packages for` : count === 1 ? "1 package for" : `${count} packages for`;
    heading.textContent = `${said} “${text.trim()}”`;
    found.replaceChildren(heading, list);
    found.hidden = false;
    status.textContent = heading.textContent;
  }

  function links() {
    return [...found.querySelectorAll("a")];
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, WAIT);
  });
  input.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    await update();
    links()[0]?.click();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(input|textarea|select)$/i.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
    const all = links(), at = all.indexOf(document.activeElement);
    if (found.hidden || (at < 0 && document.activeElement !== input)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      input.value = "";
      input.focus();
      update();
    } else if (event.key === "ArrowDown" && at + 1 < all.length) {
      event.preventDefault();
      all[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (all[at - 1] || input).focus();
    }
  });

  const given = new URLSearchParams(location.search).get("q");
  if (given) {
    input.value = given;
    update();
  }
})();
