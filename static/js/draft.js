// What is typed in a theme is saved while it is typed. What can't be saved stays on the page and in this tab, and is said.
// Without this file the form posts as any other.
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const PAUSE = { input: 1200, change: 300 };
  const FIRST_RETRY = 4000;
  const LONGEST_RETRY = 60000;
  const PATIENCE = 20000;
  const NOT_TYPED = ["csrfmiddlewaretoken", "seal", "version", "seen"];
  const owner = `draft:${form.dataset.owner}:`;
  const prefix = `${owner}${form.dataset.draft}:`;
  const trouble = document.getElementById("trouble");
  let changes = "unsaved" in form.dataset ? 1 : 0; // how many, and how many of them are saved
  let saved = 0;
  let saving = null;
  let stopped = false; // somebody else has saved: the person must choose
  let leaving = false;
  let wait = FIRST_RETRY;
  let timer = 0;

  const dirty = () => changes > saved;
  const field = (name) => form.querySelector(`#saved [name="${name}"]`);
  const typed = () => [...new FormData(form)].filter(([name]) => !NOT_TYPED.includes(name));

  // --- The copy in this tab: for when the network, the session or the machine fails --------------------------------

  const copies = () => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  const forget = () => copies().forEach((key) => sessionStorage.removeItem(key));
  const keep = () => {
    if ("apart" in form.dataset) return; // what is told of health is kept nowhere but on the server
    try {
      forget();
      sessionStorage.setItem(prefix + field("version").value, JSON.stringify(typed()));
    } catch { /* no room: the page itself still has the text */ }
  };
  // Copies of others who have used this tab are not theirs to see.
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith("draft:") && !key.startsWith(owner))
    .forEach((key) => sessionStorage.removeItem(key));

  // --- Messages -----------------------------------------------------------------------------------------------------

  let said = "";
  const say = (name) => {
    if (name === said) return;
    said = name;
    trouble.replaceChildren(...(name ? [document.getElementById(`say-${name}`).content.cloneNode(true)] : []));
  };

  // --- Saving -------------------------------------------------------------------------------------------------------

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  const show = (html) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    document.getElementById("saved").replaceWith(fresh.content);
  };

  const failed = (name) => {
    say(name);
    clearTimeout(timer);
    if (name === "offline") later(wait);
    wait = Math.min(wait * 2, LONGEST_RETRY);
    return false;
  };

  async function post() {
    const upTo = changes;
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) {
      show(await answer.text());
      saved = upTo;
      wait = FIRST_RETRY;
      say("");
      if (dirty()) later(PAUSE.change);
      else forget();
      return true;
    }
    if (answer.status === 409) {
      stopped = true;
      show(await answer.text());
      return false;
    }
    if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") return null;
    return failed("offline");
  }

  // Signed in again in another tab: the page there has the token that this form needs. Only for the same person.
  async function signedInAgain() {
    const answer = await fetch(location.pathname, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const theirs = page.querySelector("form[data-draft]");
    if (!theirs || theirs.dataset.owner !== form.dataset.owner) return false;
    const token = theirs.querySelector("[name=csrfmiddlewaretoken]").value;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => { one.value = token; });
    form.elements.seal.value = theirs.elements.seal.value;
    return true;
  }

  async function attempt() {
    try {
      let done = await post();
      if (done === null && (await signedInAgain())) done = await post();
      return done === null ? failed("signed-out") : done;
    } catch {
      return failed("offline");
    }
  }

  function save() {
    clearTimeout(timer);
    if (stopped) return Promise.resolve(true); // the form itself leads to where one chooses
    if (!saving && !dirty() && !said && navigator.onLine) return Promise.resolve(true);
    saving = saving || attempt().finally(() => { saving = null; });
    return saving;
  }

  const changed = (pause) => {
    changes += 1;
    keep();
    later(pause);
  };

  form.addEventListener("input", () => changed(PAUSE.input));
  form.addEventListener("change", () => changed(PAUSE.change));
  addEventListener("online", save);
  addEventListener("focus", () => { if (said === "signed-out") save(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && said === "signed-out") save(); });

  // Leaving by a button saves; where saving fails, one stays. Leaving otherwise with something unsaved is warned of.
  form.addEventListener("submit", (event) => {
    if (saving || said === "offline" || said === "signed-out" || !navigator.onLine) {
      const button = event.submitter;
      event.preventDefault();
      save().then((done) => { if (done) form.requestSubmit(button); });
      return;
    }
    clearTimeout(timer);
    leaving = true;
  });
  addEventListener("beforeunload", (event) => { if (dirty() && !leaving) event.preventDefault(); });
  addEventListener("pageshow", () => { leaving = false; });

  // --- Budget lines ---------------------------------------------------------------------------------------------------

  const lines = (table) => [...form.querySelectorAll(`[data-lines="${table}"] tbody tr`)];

  const renumber = (table) => lines(table).forEach((line, number) => {
    line.querySelectorAll("[data-number]").forEach((one) => { one.textContent = number + 1; });
    line.querySelector("[name=remove]").value = `${table}-${number}`;
    ["id", "for", "aria-describedby"].forEach((name) => {
      line.querySelectorAll(`[${name}^="${table}-"]`).forEach((one) => {
        one.setAttribute(name, one.getAttribute(name).replaceAll(/(costs|financing)-\d+-/g, `$1-${number}-`));
      });
    });
  });

  const add = (table) => {
    const body = form.querySelector(`[data-lines="${table}"] tbody`);
    body.append(document.querySelector(`[data-blank="${table}"]`).content.cloneNode(true));
    renumber(table);
    return body.lastElementChild;
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=add], button[name=remove]");
    if (!button) return;
    event.preventDefault();
    const table = button.value.split("-")[0];
    if (button.name === "add") {
      add(table).querySelector("input").focus();
      return;
    }
    button.closest("tr").remove();
    if (!lines(table).length) add(table);
    renumber(table);
    form.querySelector(`button[name=add][value="${table}"]`).focus();
    changed(PAUSE.change);
  });

  // --- Something from last time -----------------------------------------------------------------------------------

  const found = copies().map((key) => sessionStorage.getItem(key)).at(0);
  if (found && found !== JSON.stringify(typed())) say("kept");
  else if (!dirty()) forget();

  const restore = (entries) => {
    const given = new Map();
    entries.forEach(([name, value]) => given.set(name, [...(given.get(name) || []), value]));
    ["costs", "financing"].forEach((table) => {
      if (!document.querySelector(`[data-lines="${table}"]`)) return;
      while (lines(table).length < (given.get(`${table}-text`) || []).length) add(table);
    });
    given.forEach((values, name) => {
      [...form.querySelectorAll(`[name="${name}"]:not(button)`)].forEach((one, number) => {
        if (one.type === "radio") one.checked = values.includes(one.value);
        else one.value = values[number] ?? "";
      });
    });
  };

  document.addEventListener("click", (event) => {
    const wish = event.target.closest("[data-do]")?.dataset.do;
    if (wish === "retry") save();
    if (wish === "discard") { forget(); say(""); }
    if (wish === "restore") { restore(JSON.parse(found)); say(""); changed(PAUSE.change); }
  });

  document.getElementById("faults")?.focus();
  if (dirty()) keep();
})();
