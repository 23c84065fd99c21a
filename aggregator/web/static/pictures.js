"use strict";
// Pictures that do not come: their words instead, or nothing. Without this, browsers show the words in the picture's box.
(() => {
  const give = (picture) => {
    const words = picture.alt.trim() || (picture.closest("a")?.textContent.trim() === "" ? "picture" : "");
    const told = document.createElement("span");
    told.className = "missing";
    told.dir = "auto";
    told.textContent = words;
    if (words) picture.replaceWith(told); else picture.remove();
  };
  const isPublishers = (one) => one instanceof HTMLImageElement && one.matches(".prose img, .picture img");

  document.addEventListener("error", (event) => { if (isPublishers(event.target)) give(event.target); }, true);
  for (const picture of [...document.images]) {
    if (isPublishers(picture) && picture.complete && !picture.naturalWidth) give(picture);
  }
})();
