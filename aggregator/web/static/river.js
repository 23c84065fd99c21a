"use strict";
// Keys for the river: j and k go from story to story, o or Enter opens one, / searches, ? tells the keys.
(() => {
  const stories = [...document.querySelectorAll(".day article")];
  const help = document.getElementById("keys");
  let at = -1;

  const go = (to) => {
    if (!stories.length) return;
    if (at >= 0) stories[at].classList.remove("here");
    at = Math.min(Math.max(to, 0), stories.length - 1);
    stories[at].classList.add("here");
    stories[at].querySelector("h3 a").focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    stories[at].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  };

  const next = () => {
    const link = document.querySelector("a[rel=next]");
    if (at === stories.length - 1 && link) location.href = link.href; else go(at + 1);
  };

  const keys = {
    j: next,
    k: () => go(at - 1),
    o: () => { if (at >= 0) stories[at].querySelector("h3 a").click(); },
    "/": () => document.getElementById("q").focus(),
    "?": () => { help.open ? help.close() : help.showModal(); },
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
    if (typing) { event.target.blur(); return; }
    const act = help.open && event.key !== "?" ? null : keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
