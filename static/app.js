// What a page gains when scripts run. Everything works without: each part below only adds to what the server sent.

const say = (message, { calm = false } = {}) => {
  const place = document.querySelector("dialog[open] [role=alert]") ?? document.getElementById("alert");
  if (!place) return;
  place.toggleAttribute("data-calm", calm);
  place.textContent = message;
};

// --- How much room is left in a long text. Too long is kept and refused by the server, so nothing typed is cut off.

const number = new Intl.NumberFormat("da-DK");

const count = (counter) => {
  const text = document.getElementById(counter.dataset.counts);
  const limit = Number(text?.dataset.limit);
  if (!limit) return;
  const left = limit - [...text.value].length;
  counter.textContent = left < 0 ? `${number.format(-left)} tegn for mange` : `${number.format(left)} tegn tilbage`;
  counter.toggleAttribute("data-over", left < 0);
  // Read aloud only when it matters, not at every key.
  counter.setAttribute("aria-live", left < limit / 20 ? "polite" : "off");
};

document.addEventListener("input", ({ target }) => {
  const counter = target.id && document.querySelector(`[data-counts="${CSS.escape(target.id)}"]`);
  if (counter) count(counter);
});

// --- What is typed and not saved, and the second click on "Gem".

const touched = ({ target }) => target.closest?.("form[data-guard]")?.setAttribute("data-unsaved", "");
document.addEventListener("input", touched);
document.addEventListener("change", touched);

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-unsaved]:not([data-sent])")) event.preventDefault();
});

const take = (form) => {
  if (form.hasAttribute("data-sent")) return false;
  form.setAttribute("data-sent", "");
  setTimeout(() => give(form), 5000); // an answer that never comes must not lock the form
  return true;
};
const give = (form) => form.removeAttribute("data-sent");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return; // htmx has it
  if (!navigator.onLine) {
    event.preventDefault();
    say("Ingen forbindelse. Det, du har skrevet, står her stadig. Prøv igen.");
  } else if (!take(form)) {
    event.preventDefault();
  }
});
window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach(give));

// --- What a page kept in the browser until it was saved (writing.js) is not left for the next one at this machine.

document.querySelector("form[action$='/log-ud/']")?.addEventListener("submit", () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith("afsnit:")) localStorage.removeItem(key);
});

// --- Errors first: where the server found problems, reading starts there, and what was typed is still unsaved.

const arrive = (part) => {
  part.querySelectorAll("[data-counts]").forEach(count);
  const problem = part.querySelector("[data-focus]");
  if (!problem) return;
  problem.focus();
  document.querySelectorAll("form[data-guard]").forEach((form) => form.setAttribute("data-unsaved", ""));
};

// --- Many boxes at once.

document.querySelectorAll("[data-check-all]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.form.querySelectorAll(`[name="${button.dataset.checkAll}"]`).forEach((box) => (box.checked = true));
    button.form.dispatchEvent(new Event("change", { bubbles: true }));
  });
});

// --- Keys on a page that is gone through many times: announced where they work, silent in fields, and to be turned off.

const keys = document.querySelector("[data-keys]");
const keysAreOff = () => localStorage.getItem("taster") === "fra";
const sayWhetherOff = (button) => (button.textContent = keysAreOff() ? "Slå tasterne til" : "Slå tasterne fra");

if (keys) {
  const button = keys.querySelector("[data-keys-off]");
  keys.hidden = false;
  sayWhetherOff(button);
  button.addEventListener("click", () => {
    keysAreOff() ? localStorage.removeItem("taster") : localStorage.setItem("taster", "fra");
    sayWhetherOff(button);
  });
  document.addEventListener("keydown", (event) => {
    if (keysAreOff() || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, dialog")) return;
    document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  });
}

// --- htmx: waiting, refusals, no connection, and a session that ended while someone was typing.

// A part that only asks, inside a form (the count under the dates), does not send the form.
const posting = ({ detail: { elt, requestConfig } }) =>
  requestConfig.verb === "get" ? null : elt.closest("form[method=post]");
let busy;

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = posting(event);
  if (form && !take(form)) return event.preventDefault();
  clearTimeout(busy);
  busy = setTimeout(() => (document.getElementById("busy").textContent = "Henter …"), 300);
});

document.addEventListener("htmx:afterRequest", (event) => {
  clearTimeout(busy);
  document.getElementById("busy").textContent = "";
  const form = posting(event);
  if (form) give(form);
  if (!event.detail.successful) return;
  if (event.detail.xhr.status !== 204) say(""); // after log-in there is something to say
  form?.removeAttribute("data-unsaved");
});

document.addEventListener("htmx:sendError", () =>
  say("Ingen forbindelse. Det, du har skrevet, står her stadig. Prøv igen."),
);

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if (xhr.status === 401) return logInAgain();
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const reason = page.querySelector("[data-reason] p")?.textContent.trim();
  say(reason || "Det lykkedes ikke. Det, du har skrevet, står her stadig. Prøv igen om lidt.");
});

let asking = false;

// Once, however many requests are refused: a second answer must not empty what is being typed in the first.
const logInAgain = async () => {
  const dialog = document.getElementById("log-in-dialog");
  if (asking || dialog.open) return;
  asking = true;
  await htmx.ajax("GET", dialog.dataset.url, { target: dialog, swap: "innerHTML" });
  dialog.showModal();
  asking = false;
};

document.addEventListener("logged-in", ({ detail: { csrf } }) => {
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((input) => (input.value = csrf));
  document.getElementById("log-in-dialog").close();
  say("Du er logget ind igen. Det, du har skrevet, er ikke sendt endnu: Tryk på knappen igen.", { calm: true });
});

document.addEventListener("htmx:afterSettle", ({ target }) => arrive(target));
arrive(document);
