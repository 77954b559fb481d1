// Let a form be sent with what a passkey answers. Without script or passkey the page's other ways stay open.
const FAILED = "[data-passkey-failed]";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form).then(
      (credential) => {
        form.querySelector("input[name=credential]").value = JSON.stringify(credential);
        form.submit();
      },
      () => {
        const said = form.querySelector(FAILED);
        if (said) said.hidden = false;
      },
    );
  });
}

// Ask the browser's authenticator what this form needs: a new passkey, or a proof with one that exists.
async function answer(form) {
  if (form.dataset.passkey === "create") return create((await options(form)).creation_options.publicKey);
  return prove((await options(form)).request_options.publicKey);
}

async function options(form) {
  const given = document.getElementById("passkey-options");
  if (given) return JSON.parse(given.textContent);
  const answered = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answered.ok) throw new Error("no options");
  return answered.json();
}

// A passkey that signs in by itself has to be kept on the device and guarded by finger, face or PIN.
async function create(publicKey) {
  const alone = document.querySelector("input[name=passwordless]");
  const kept = { residentKey: "preferred", userVerification: "required" };
  if (!alone || alone.checked) Object.assign(kept, { residentKey: "required", requireResidentKey: true });
  const asked = { ...publicKey, authenticatorSelection: { ...publicKey.authenticatorSelection, ...kept } };
  const made = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked),
  });
  return made.toJSON();
}

async function prove(publicKey) {
  const proof = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey),
  });
  return proof.toJSON();
}
