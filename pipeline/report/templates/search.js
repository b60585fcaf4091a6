"use strict";
// Search over the voices that stand in this page. Nothing is loaded and nothing is sent:
// the page itself is the index. Without this script the page is complete, only unsearched.
(() => {
  const form = document.getElementById("search-form");
  if (!form) return;
  const PAGE = 30;
  const ISSUES = 10;
  const list = document.getElementById("search-results");
  const issues = document.getElementById("search-issues");
  const said = document.getElementById("search-said");
  const more = document.getElementById("search-more");
  const word = form.elements.namedItem("words");
  const choices = [...form.querySelectorAll("select")];
  let voices = null;
  let found = [];
  let shown = 0;

  // Full and half width, upper and lower case are the same.
  const fold = (text) => text.normalize("NFKC").toLowerCase();

  // A word in hiragana also finds itself in katakana (ばす: バス), not the other way round:
  // バス is not to find 飛ばす.
  const spellings = (word) =>
    /^[\u3041-\u3096\u30fc]+$/.test(word)
      ? [word, word.replace(/[\u3041-\u3096]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0x60))]
      : [word];

  const collect = () =>
    [...document.querySelectorAll("[data-kind]")].map((element) => {
      const issue = element.closest(".issue");
      const text = element.querySelector("bdi").textContent;
      return {
        element,
        text,
        folded: fold(text),
        issue,
        kind: element.dataset.kind,
        goal: element.dataset.goal || "0",
        source: element.dataset.source.split(" "),
        attributes: (element.dataset.attributes || "").split(" "),
        status: issue ? issue.dataset.status || "-" : "-",
      };
    });

  const fits = (voice, wanted, words) =>
    words.every((one) => one.some((spelling) => voice.folded.includes(spelling))) &&
    wanted.every(([name, value]) => {
      const own = voice[name.startsWith("attribute") ? "attributes" : name];
      return Array.isArray(own) ? own.includes(value) : own === value;
    });

  // Marks what was looked for; the folded text is as long as the text for nearly every letter,
  // and where it is not, nothing is marked.
  const marked = (voice, words) => {
    const box = document.createElement("bdi");
    if (voice.folded.length !== voice.text.length || !words.length) {
      box.textContent = voice.text;
      return box;
    }
    const spans = [];
    for (const one of words.flat()) {
      for (let at = voice.folded.indexOf(one); at >= 0; at = voice.folded.indexOf(one, at + one.length)) {
        spans.push([at, at + one.length]);
      }
    }
    spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    let at = 0;
    for (const [start, end] of spans) {
      if (start < at) continue;
      box.append(voice.text.slice(at, start));
      const mark = document.createElement("mark");
      mark.textContent = voice.text.slice(start, end);
      box.append(mark);
      at = end;
    }
    box.append(voice.text.slice(at));
    return box;
  };

  const row = (voice, words) => {
    const item = document.createElement("li");
    item.append(marked(voice, words));
    const small = document.createElement("small");
    const origin = voice.element.querySelector(".origin").textContent;
    small.textContent = `${voice.kind}・${origin}`;
    item.append(" ", small);
    if (voice.issue) {
      const link = document.createElement("a");
      link.href = "#" + voice.issue.id;
      link.textContent = voice.issue.querySelector("bdi").textContent;
      item.append(" ", link);
    }
    return item;
  };

  const words = () => fold(word.value).split(/\s+/).filter(Boolean).map(spellings);

  // Issues whose title or words hold all that was looked for, as links above the voices.
  const nameIssues = (wanted) => {
    const named = wanted.length
      ? [...document.querySelectorAll(".issue")].filter((issue) => {
          const parts = [...issue.querySelectorAll(".title, h4 bdi, .headings, .words")];
          const text = fold(parts.map((part) => part.textContent).join(" "));
          return wanted.every((one) => one.some((spelling) => text.includes(spelling)));
        })
      : [];
    issues.replaceChildren();
    if (!named.length) return;
    issues.append(`題や語が当てはまる課題（${named.length.toLocaleString("ja")}件）：`);
    named.slice(0, ISSUES).forEach((issue, place) => {
      const link = document.createElement("a");
      link.href = "#" + issue.id;
      link.textContent = issue.querySelector("bdi").textContent;
      issues.append(place ? "、" : "", link);
    });
    if (named.length > ISSUES) issues.append(" ほか");
  };

  const showMore = () => {
    const wanted = words();
    const next = found.slice(shown, shown + PAGE);
    list.append(...next.map((voice) => row(voice, wanted)));
    shown += next.length;
    more.hidden = shown >= found.length;
    more.textContent = `続きを表示（残り${(found.length - shown).toLocaleString("ja")}件）`;
  };

  const search = () => {
    const wanted = choices.filter((one) => one.value).map((one) => [one.name, one.value]);
    const sought = words();
    list.replaceChildren();
    nameIssues(sought);
    shown = 0;
    if (!wanted.length && !sought.length) {
      found = [];
      said.textContent = "";
      more.hidden = true;
      return;
    }
    voices ??= collect();
    found = voices.filter((voice) => fits(voice, wanted, sought));
    said.textContent = found.length
      ? `${voices.length.toLocaleString("ja")}件の文面のうち、${found.length.toLocaleString("ja")}件が当てはまりました。`
      : "当てはまる声はありません。言葉を短くするか、条件を減らしてください。";
    showMore();
  };

  // A link into a folded issue opens it, also one that was followed from elsewhere.
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    for (let own = target; own; own = own.parentElement) {
      if (own.tagName === "DETAILS") own.open = true;
    }
    if (target) target.scrollIntoView();
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  form.addEventListener("input", soon);
  form.addEventListener("reset", () => setTimeout(search, 0));
  more.addEventListener("click", () => {
    const before = shown;
    showMore();
    const first = list.children[before];
    if (first) {
      first.tabIndex = -1;
      first.focus();
    }
  });
  window.addEventListener("hashchange", open);
  if (location.hash) open();
  form.hidden = false;
  document.getElementById("search-plain").hidden = true;
})();
