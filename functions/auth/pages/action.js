"use strict";

const asked = new URLSearchParams(location.search);
const token = asked.get("token") || "";
// The page lies at /auth/action of the site, or below the API's own path.
const api = location.pathname.replace(/\/auth\/action\/?$/, "") || "/api/v1";
const part = (id) => document.getElementById(id);
const card = document.querySelector(".card");
const form = part("form");
const PASSWORD_HINT = "8 to 128 characters. A few unusual words are easy to remember and hard to guess.";

class Refusal extends Error {
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

async function call(path, body, bearer) {
  const headers = { "Content-Type": "application/json" };
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  let answer;
  try {
    answer = await fetch(api + path, { method: "POST", headers, body: JSON.stringify(body) });
  } catch {
    throw new Refusal(0, "No connection. Check your network and try again.");
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const first = Array.isArray(said.detail) ? said.detail[0] : null;
  const message = first ? first.msg : said.detail;
  throw new Refusal(answer.status, message || "Something went wrong. Try again.", first?.loc?.at(-1));
}

function say(title, lead, state = "") {
  document.title = `${title} – HypertroQ`;
  part("title").textContent = title;
  part("lead").textContent = lead;
  card.className = `card ${state}`;
}

function end(title, lead, state) {
  say(title, lead, state);
  form.hidden = true;
  part("title").focus();
}

function show({ fields = [], submit, hint = "", newPassword = false }) {
  for (const name of ["name", "email", "password"]) part(`${name}-field`).hidden = !fields.includes(name);
  part("password").autocomplete = newPassword ? "new-password" : "current-password";
  part("password-label").textContent = newPassword ? "New password" : "Password";
  part("password-hint").textContent = hint;
  part("submit").textContent = submit;
  form.hidden = false;
  const first = fields[0] ? part(fields[0]) : part("submit");
  first.focus();
}

function complain(problem) {
  part("problem").textContent = problem.message;
  const place = { new_password: "password", full_name: "name", username: "email" }[problem.field] || problem.field;
  for (const input of form.querySelectorAll("input")) {
    const wrong = input.id === place;
    input.setAttribute("aria-invalid", String(wrong));
    if (wrong) input.focus();
  }
}

function onSubmit(work) {
  form.onsubmit = async (event) => {
    event.preventDefault();
    part("problem").textContent = "";
    part("submit").disabled = true;
    try {
      await work();
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      complain(problem);
    } finally {
      part("submit").disabled = false;
    }
  };
}

// A link that no longer works ends the page; whatever else is refused can be mended in the form.
async function withToken(work, next) {
  try {
    return await work();
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    const reason = problem.message.replace(/^Invalid or expired token: /, "");
    end("This link does not work", `${reason[0].toUpperCase()}${reason.slice(1)} ${next}`.trim(), "failed");
    return null;
  }
}

function verify() {
  say("Confirm your e-mail address", "One press, and we know that this address is yours.");
  show({ submit: "Confirm my address" });
  onSubmit(async () => {
    const done = await withToken(() => call("/auth/verify-email", { token }), "You find “send again” in the app.");
    if (done) end("Your address is confirmed", "Thank you. You can close this page and return to the app.", "done");
  });
}

function reset() {
  say("Choose a new password", "It replaces the old one, and every device is signed out.");
  show({ fields: ["password"], submit: "Save the password", hint: PASSWORD_HINT, newPassword: true });
  onSubmit(async () => {
    const password = part("password").value;
    if (!password) throw new Refusal(422, "Type a new password.", "password");
    const done = await withToken(
      () => call("/auth/password-reset/confirm", { token, new_password: password }),
      "You find “forgot password” where you sign in.",
    );
    part("password").value = "";
    if (done) end("Your password is changed", "Return to the app and sign in with the new one.", "done");
  });
}

function cancelDeletion() {
  say("Keep your account", "You asked us to delete it. One press, and it stays with everything in it.");
  show({ submit: "Keep my account" });
  onSubmit(async () => {
    const done = await withToken(() => call("/users/cancel-deletion", { token }), "Sign in to see whether your account is still to be deleted.");
    if (done) end("Your account stays", "Nothing was deleted. You can return to the app.", "done");
  });
}

function invitation() {
  let session = null;
  let isNew = false;
  const change = part("switch");

  function draw() {
    say(
      "Accept the invitation",
      isNew ? "Make an account with the address the invitation was sent to."
        : "Sign in with the address the invitation was sent to.",
    );
    show({
      fields: isNew ? ["name", "email", "password"] : ["email", "password"],
      submit: isNew ? "Make an account and join" : "Sign in and join",
      hint: isNew ? PASSWORD_HINT : "",
      newPassword: isNew,
    });
    change.textContent = isNew ? "I have an account already" : "I have no account yet";
    change.hidden = false;
  }

  change.onclick = () => {
    isNew = !isNew;
    part("problem").textContent = "";
    draw();
  };

  async function signIn() {
    const [email, password] = [part("email").value, part("password").value];
    if (!email) throw new Refusal(422, "Type your e-mail address.", "email");
    if (!password) throw new Refusal(422, "Type your password.", "password");
    const made = isNew
      ? await call("/auth/register", { email, password, full_name: part("name").value })
      : await call("/auth/login", { email, password });
    if (made.access_token) return made.access_token;
    return (await call("/auth/login", { email, password })).access_token;
  }

  draw();
  onSubmit(async () => {
    session ||= await signIn();
    try {
      const done = await withToken(
        () => call("/users/me/organization/invitations/accept", { token }, session),
        "Ask whoever invited you for a new one.",
      );
      if (done) end(`You have joined ${done.organization_name}`, "You can close this page and return to the app.", "done");
    } catch (problem) {
      // Perhaps as somebody else: the next try signs in anew.
      session = null;
      throw problem;
    }
  });
}

const modes = new Map(Object.entries({ verify, reset, invitation, "cancel-deletion": cancelDeletion }));
const begin = modes.get(asked.get("mode"));

part("reveal").onclick = () => {
  const shown = part("password").type === "text";
  part("password").type = shown ? "password" : "text";
  part("reveal").textContent = shown ? "Show" : "Hide";
  part("reveal").setAttribute("aria-pressed", String(!shown));
};

if (!begin || !token) {
  end("This link is not complete", "Open it from the mail again, or copy its whole address.", "failed");
} else {
  begin();
}
