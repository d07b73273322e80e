// The page of a meeting: player, lines, search within, corrections. Without it
// links play the recording at a place, and forms still work.
(function () {
  "use strict";
  var all = function (s, within) { return Array.prototype.slice.call((within || document).querySelectorAll(s)); };
  var byId = function (id) { return document.getElementById(id); };
  var lines = all(".said > li");
  var typing = function (e) { return /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable; };
  var player = byId("player");
  var now = null;

  // --- the player ---
  if (player) {
    var spoken = all(".said a[data-at]");
    var times = spoken.map(function (a) { return Number(a.dataset.at); });
    var tools = document.querySelector(".player-tools");
    if (tools) tools.hidden = false;
    var play = function (at) {
      player.currentTime = Math.max(0, at);
      player.play().catch(function () { });
    };
    document.addEventListener("click", function (e) {
      var at = e.target.closest && e.target.closest("a[data-at]");
      if (!at || e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return;
      e.preventDefault();
      play(Number(at.dataset.at));
    });
    // A line is heard by a click on its text, unless somebody selects in it.
    document.addEventListener("click", function (e) {
      var text = e.target.closest && e.target.closest(".said > li > p");
      if (!text || e.target.closest("a, form, details") || String(window.getSelection())) return;
      var at = text.parentElement.querySelector("a[data-at]");
      if (at) play(Number(at.dataset.at));
    });
    var bad = function () { byId("player-failed").hidden = false; };
    player.addEventListener("error", bad);
    if (player.error) bad();
    var index = function (time) {
      var low = 0, high = times.length;
      while (low < high) {
        var mid = (low + high) >> 1;
        if (times[mid] <= time + 0.05) low = mid + 1; else high = mid;
      }
      return low - 1;
    };
    var follow = byId("follow");
    var scrolled = 0; // when the reader last moved the page himself
    ["wheel", "touchmove", "mousedown"].forEach(function (kind) {
      window.addEventListener(kind, function () { scrolled = Date.now(); }, { passive: true });
    });
    var mark = function () {
      var n = index(player.currentTime);
      var line = n >= 0 && (!player.paused || now) ? spoken[n].closest("li") : null;
      if (line === now) return;
      if (now) now.classList.remove("playing");
      if (line) line.classList.add("playing");
      now = line;
      if (line && follow && follow.checked && !player.paused && Date.now() - scrolled > 4000) {
        var box = line.getBoundingClientRect();
        var top = player.parentElement.getBoundingClientRect().bottom;
        if (box.top < top || box.bottom > window.innerHeight - 40) {
          window.scrollBy({ top: box.top - top - 60, behavior: "smooth" });
        }
      }
    };
    player.addEventListener("timeupdate", mark);
    player.addEventListener("seeked", mark);
    var speed = byId("speed");
    if (speed) {
      try { speed.value = localStorage.getItem("speed") || "1"; } catch (e) { /* storage is off */ }
      if (!speed.value) speed.value = "1";
      var apply = function () {
        player.defaultPlaybackRate = player.playbackRate = Number(speed.value);
        try { localStorage.setItem("speed", speed.value); } catch (e) { /* storage is off */ }
      };
      speed.addEventListener("change", apply);
      apply();
    }
    var step = function (by) {
      var n = Math.min(Math.max(index(player.currentTime) + by, 0), times.length - 1);
      if (n >= 0) play(times[n]);
    };
    document.addEventListener("keydown", function (e) {
      if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e) || e.target === player) return;
      if (e.target.closest && e.target.closest("button, summary") && e.key === " ") return;
      switch (e.key) {
        case " ": case "k": if (player.paused) player.play().catch(function () { }); else player.pause(); break;
        case "ArrowLeft": case "j": player.currentTime = Math.max(0, player.currentTime - 5); break;
        case "ArrowRight": case "l": player.currentTime += 5; break;
        case ",": step(-1); break;
        case ".": step(1); break;
        case "<": case ">":
          if (!speed) return;
          speed.selectedIndex = Math.min(Math.max(speed.selectedIndex + (e.key === ">" ? 1 : -1), 0), speed.options.length - 1);
          speed.dispatchEvent(new Event("change"));
          break;
        case "e": if (now) openForm(now); break;
        default: return;
      }
      e.preventDefault();
    });
    // A link from elsewhere leads to a line: the player waits there.
    var target = /^#u\d+$/.test(location.hash) && byId(location.hash.slice(1));
    var first = target && target.querySelector("a[data-at]");
    if (first) player.addEventListener("loadedmetadata", function () { if (player.currentTime === 0) player.currentTime = Number(first.dataset.at); }, { once: true });
  }

  // --- search within ---
  var within = byId("within");
  if (within && lines.length) {
    within.parentElement.hidden = false;
    var hits = [], at = -1, count = byId("within-count");
    var originals = lines.map(function () { return null; });
    var clear = function () {
      originals.forEach(function (html, i) {
        if (html !== null) lines[i].querySelector("p").replaceChildren.apply(lines[i].querySelector("p"), html);
        originals[i] = null;
      });
      hits = []; at = -1;
    };
    var find = function () {
      clear();
      var word = within.value.trim().toLowerCase();
      if (word) {
        lines.forEach(function (li, i) {
          var p = li.querySelector("p");
          var text = p.textContent, low = text.toLowerCase();
          if (low.length !== text.length) low = text; // a letter whose small form is longer: as it stands
          var from = low.indexOf(word);
          if (from < 0) return;
          originals[i] = Array.prototype.slice.call(p.childNodes);
          var parts = [], end = 0;
          for (; from >= 0; from = low.indexOf(word, end)) {
            parts.push(text.slice(end, from));
            var m = document.createElement("mark");
            m.textContent = text.slice(from, from + word.length);
            parts.push(m);
            hits.push(m);
            end = from + word.length;
          }
          parts.push(text.slice(end));
          p.replaceChildren.apply(p, parts);
        });
      }
      count.textContent = word ? count.dataset.of.replace("%s", String(hits.length)) : "";
    };
    var go = function (by) {
      if (!hits.length) return;
      if (at >= 0) hits[at].classList.remove("here");
      at = (at + by + hits.length) % hits.length;
      hits[at].classList.add("here");
      hits[at].scrollIntoView({ block: "center" });
      count.textContent = (at + 1) + " / " + hits.length;
    };
    var waiting = 0;
    var later = function (e) {
      if (e.isComposing) return;
      clearTimeout(waiting);
      waiting = setTimeout(find, 120);
    };
    within.addEventListener("input", later);
    within.addEventListener("compositionend", later);
    within.addEventListener("keydown", function (e) {
      if (e.isComposing) return;
      if (e.key === "Enter") { e.preventDefault(); go(e.shiftKey ? -1 : 1); }
      if (e.key === "Escape") { within.value = ""; find(); within.blur(); }
    });
    byId("within-next").addEventListener("click", function () { go(1); });
    byId("within-prev").addEventListener("click", function () { go(-1); });
    document.addEventListener("keydown", function (e) {
      if (e.key !== "f" || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e)) return;
      e.preventDefault();
      within.focus();
      within.select();
    });
  }

  // --- corrections ---
  var form = byId("edit-form");
  function openForm(li) {
    if (!form || li.querySelector(".edit-form")) return;
    all(".edit-form").forEach(function (f) { f.remove(); });
    if (within && within.value) { within.value = ""; within.dispatchEvent(new Event("input")); }
    var f = form.content.firstElementChild.cloneNode(true);
    var p = li.querySelector("p"), who = li.querySelector(".speaker");
    f.elements.utterance.value = li.id.slice(1);
    f.elements.text.value = p.textContent;
    f.elements.voice.value = who ? who.textContent : "";
    f.querySelector(".cancel").addEventListener("click", function () { f.remove(); });
    f.addEventListener("keydown", function (e) {
      if (e.key === "Escape") f.remove();
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); f.requestSubmit(); }
    });
    f.addEventListener("submit", function (e) {
      e.preventDefault();
      fetch(f.action, { method: "POST", headers: { "Accept": "application/json" }, body: new URLSearchParams(new FormData(f)) }).then(function (r) {
        if (!r.ok) throw new Error(String(r.status));
        p.textContent = f.elements.text.value.trim();
        var voice = f.elements.voice.value.trim();
        if (!who && voice) {
          who = document.createElement("span");
          who.className = "speaker";
          li.insertBefore(who, p);
        }
        if (who) who.textContent = voice;
        li.classList.add("saved");
        f.remove();
      }).catch(function () { f.querySelector(".notice").hidden = false; });
    });
    li.appendChild(f);
    f.elements.text.focus();
  }
  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest(".said a.edit");
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0 || !form) return;
    e.preventDefault();
    openForm(link.closest("li"));
  });
})();
