// What the pages do beyond links and forms. Without it everything still works.
(function () {
  "use strict";

  // "/" puts the cursor into the search field.
  document.addEventListener("keydown", function (e) {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable) return;
    var field = document.getElementById("q");
    if (!field) return;
    e.preventDefault();
    field.focus();
    field.select();
  });

  // A key does what stands beside it, where a page asks something.
  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.repeat) return;
    if (/^(TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.tagName === "INPUT" && e.target.type !== "checkbox") return;
    var one = /^[a-z0-9]$/i.test(e.key) && document.querySelector('[data-key="' + e.key.toLowerCase() + '"]');
    if (!one) return;
    e.preventDefault();
    one.click();
  });

  // Search while one types. An input method shows letters on their way to
  // characters ("yan'shou" to 验收); those are nobody's query, so it waits until
  // the characters are chosen.
  var last = null;
  function look(e) {
    if (e.target.id !== "q" || e.isComposing || e.target.value === last) return;
    last = e.target.value;
    e.target.dispatchEvent(new Event("look"));
  }
  document.addEventListener("input", look);
  document.addEventListener("compositionend", function (e) { setTimeout(look, 0, { target: e.target }); });

  // Proposals below the search field: arrows choose, Enter follows, Escape closes.
  var list = document.getElementById("suggest");
  if (list) {
    var field = document.getElementById("q");
    var chosen = -1;
    var choose = function (n) {
      var all = list.children;
      if (all[chosen]) all[chosen].removeAttribute("aria-selected");
      chosen = all.length && n >= -1 ? Math.min(n, all.length - 1) : -1;
      if (all[chosen]) {
        all[chosen].setAttribute("aria-selected", "true");
        field.setAttribute("aria-activedescendant", all[chosen].id);
      } else field.removeAttribute("aria-activedescendant");
    };
    var show = function (yes) {
      choose(-1);
      list.hidden = !yes;
      field.setAttribute("aria-expanded", String(yes && list.children.length > 0));
    };
    show(false);
    list.addEventListener("htmx:afterSwap", function () { show(document.activeElement === field); });
    field.addEventListener("keydown", function (e) {
      if (e.isComposing) return;
      var open = !list.hidden && list.children.length > 0;
      if (e.key === "Escape" && open) { e.preventDefault(); show(false); }
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        if (!open && list.children.length) show(true);
        var count = list.children.length, next = chosen + (e.key === "ArrowDown" ? 1 : -1);
        e.preventDefault();
        choose(next < -1 ? count - 1 : next >= count ? -1 : next);
      }
      if (e.key === "Enter") {
        if (open && chosen >= 0) { e.preventDefault(); list.children[chosen].click(); }
        show(false);
      }
    });
    // The pointer may be on its way to a proposal when the field loses the focus.
    field.addEventListener("blur", function () { setTimeout(function () { if (!list.contains(document.activeElement)) show(false); }, 150); });
  }

  // A search that fails while one types must not look like its last results.
  function failed(yes) {
    var notice = document.getElementById("failed");
    if (notice) notice.hidden = !yes;
  }
  document.addEventListener("htmx:responseError", function () { failed(true); });
  document.addEventListener("htmx:sendError", function () { failed(true); });
  document.addEventListener("htmx:afterSwap", function () { failed(false); });

  // A link from elsewhere (#p12) may point into a part of a long text that this
  // page does not show; the server finds it when it is told.
  var passage = /^#p(\d+)$/.exec(location.hash);
  if (passage && /^\/d\//.test(location.pathname) && !document.getElementById("p" + passage[1])) {
    var search = new URLSearchParams(location.search);
    if (search.get("p") !== passage[1]) {
      search.set("p", passage[1]);
      search.delete("part");
      location.replace(location.pathname + "?" + search + location.hash);
    }
  }

  // A passage may be a screen long; what was looked for stands somewhere in it.
  var place = passage && document.getElementById("p" + passage[1]);
  if (place) {
    var scope = place.classList.contains("anchor") ? place.parentElement : place;
    var mark = scope.querySelector("mark");
    // After "load", for the browser goes to the fragment until then.
    if (mark) window.addEventListener("load", function () { setTimeout(function () { mark.scrollIntoView({ block: "center" }); }, 0); });
  }
})();
