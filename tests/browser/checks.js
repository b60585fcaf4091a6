// What is asked of a report that is open in a browser. Each check gives a list of complaints,
// each with the place in the page; an empty list is what is wanted.
(() => {
  const place = (element) => {
    const steps = [];
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      if (at.id) {
        steps.unshift(`#${CSS.escape(at.id)}`);
        break;
      }
      const like = [...(at.parentElement?.children ?? [])].filter((own) => own.tagName === at.tagName);
      const number = like.length > 1 ? `:nth-of-type(${like.indexOf(at) + 1})` : '';
      steps.unshift(at.tagName.toLowerCase() + [...at.classList].map((name) => `.${CSS.escape(name)}`).join('') + number);
    }
    return steps.join(' > ');
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const told = (complaint, elements) => elements.map((element) => `${complaint}: ${place(element)}`);

  // Long lists, tables and drawings go on as they began: their beginnings stay.
  const shorten = () => {
    all('.voices > li:nth-child(n + 4), tbody > tr:nth-child(n + 6), svg > :nth-child(n + 30)').forEach((own) => own.remove());
    const issues = new Map();
    for (const issue of all('.issue')) {
      const own = `${place(issue.parentElement)} ${issue.className}`;
      issues.set(own, (issues.get(own) ?? 0) + 1);
      if (issues.get(own) > 2) issue.remove();
    }
  };

  const unfold = (open) => all('details').forEach((details) => { details.open = open; });

  // Of texts that stand in the same chain of elements and classes, the first two stay: they have
  // the same colours, and a check of contrasts takes a time that grows faster than the page.
  const thin = () => {
    const chains = new Map([[document.documentElement, '']]);
    const chain = (element) => {
      if (!chains.has(element)) {
        const own = [element.tagName, element.getAttribute('class'), element.getAttribute('role'), element.hasAttribute('href')];
        chains.set(element, `${chain(element.parentElement)}>${own.join(' ')}`);
      }
      return chains.get(element);
    };
    const times = new Map();
    const kept = new Set();
    for (const element of all('body *')) {
      const speaks = [...element.childNodes].some((own) => own.nodeType === Node.TEXT_NODE && own.data.trim());
      const own = chain(element);
      if (!speaks || (times.get(own) ?? 0) > 1) continue;
      times.set(own, (times.get(own) ?? 0) + 1);
      for (let at = element; at && !kept.has(at); at = at.parentElement) kept.add(at);
    }
    all('body *').forEach((own) => { if (!kept.has(own)) own.remove(); });
  };

  const headings = () => {
    const found = all('h1, h2, h3, h4, h5, h6');
    const level = (element) => Number(element.tagName[1]);
    const skipped = found.filter((own, at) => level(own) > (at ? level(found[at - 1]) : 0) + 1);
    const first = all('h1').length === 1 ? [] : [`${all('h1').length} h1`];
    return [...first, ...told('a level is skipped', skipped)];
  };
  const tables = () => [
    ...told('no caption', all('table').filter((own) => !own.caption?.textContent.trim())),
    ...told('no scope', all('th').filter((own) => !['col', 'row', 'colgroup', 'rowgroup'].includes(own.getAttribute('scope')))),
    ...told('no heading cell', all('table').filter((own) => !own.querySelector('th'))),
  ];
  const references = () => {
    const ids = all('[id]').map((own) => own.id);
    const known = new Set(ids);
    const pointing = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'headers', 'for'];
    return [
      ...told('id twice', all('[id]').filter((own, at) => ids.indexOf(own.id) !== at)),
      ...told('link to nowhere', all('a[href^="#"], use[href^="#"]').filter((own) => !known.has(decodeURIComponent(own.getAttribute('href').slice(1))))),
      ...pointing.flatMap((name) => told(`${name} of nothing`, all(`[${name}]`).filter((own) => !own.getAttribute(name).split(/\s+/).every((id) => known.has(id))))),
    ];
  };
  const pictures = () => told('picture without a name', all('svg').filter((own) => !(
    own.closest('[aria-hidden="true"]') || own.parentElement.closest('svg')
    || own.querySelector('title')?.textContent.trim()
    || own.getAttribute('aria-label') || own.getAttribute('aria-labelledby')
  )));
  const structure = () => [...headings(), ...tables(), ...references(), ...pictures()];

  // What no report has, whatever residents wrote.
  const strangers = () => [
    ...told('element', all('img, iframe, object, embed, audio, video, link, base, script[src], meta[http-equiv="refresh"], foreignObject')),
    ...told('attribute', all('*').filter((own) => [...own.attributes].some(
      ({ name, value }) => /^on/i.test(name) || name === 'style' || name === 'srcdoc' || /^\s*(javascript|data|vbscript):/i.test(value)))),
    ...told('address outside', all('[href], [src], [action], [formaction]').filter((own) => ['href', 'src', 'action', 'formaction'].some(
      (name) => own.hasAttribute(name) && !own.getAttribute(name).startsWith('#')))),
  ];
  const scripts = () => all('script').map((own) => ({ type: own.type, text: own.textContent }));

  const overflowing = () => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const cut = (element) => {
      let away = getComputedStyle(element).position === 'absolute';
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (away && style.position === 'static') continue; // not cut by what does not hold it
        if (style.overflowX !== 'visible') return true;
        away = style.position === 'absolute';
      }
      return false;
    };
    const wide = all('body *').filter((own) => own.getBoundingClientRect().right + scrollX > root.clientWidth + 0.5 && !cut(own));
    const inner = wide.filter((own) => !wide.some((other) => own !== other && own.contains(other)));
    return [`${root.scrollWidth} px wide in ${root.clientWidth}`, ...told('too wide', inner.slice(0, 8))];
  };

  // Voices that a reader can see, and parts of the report.
  const seen = (selector) => all(selector).filter((own) => own.checkVisibility({ visibilityProperty: true })).length;
  const text = () => document.body.innerText.replace(/\s+/g, '');

  const stops = () => {
    const choices = all('a[href], summary, button, input, select, textarea, [tabindex]').filter((own) => (
      own.tabIndex >= 0 && !own.disabled && !own.closest('[inert]')
      && own.checkVisibility({ visibilityProperty: true })
      && !(own.type === 'radio' && !own.checked)
    ));
    choices.forEach((own, at) => { own.dataset.stop = String(at); });
    return choices.map(place);
  };
  const focused = () => {
    const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) return null;
    const looks = () => [at, ...at.querySelectorAll('*')].map((own) => {
      const style = getComputedStyle(own);
      return ['outline', 'stroke', 'strokeWidth', 'boxShadow', 'border', 'fill', 'background'].map((name) => style[name]);
    }).join();
    const style = getComputedStyle(at);
    let marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    if (!marked) { // parts of a picture are marked by their strokes
      const before = looks();
      at.blur();
      marked = before !== looks();
      at.focus();
    }
    const points = [...at.getClientRects()].flatMap(({ left, top, right, bottom }) => [
      [(left + right) / 2, (top + bottom) / 2], [left + 3, top + 3], [right - 3, bottom - 3],
      [left + 3, Math.min(bottom, innerHeight) - 3], [left + 3, Math.max(top, 0) + 3],
    ]);
    const uncovered = points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top && (at.contains(top) || top.contains(at));
    });
    return { stop: at.dataset.stop ?? '', place: place(at), marked, uncovered };
  };

  window.kadai = { focused, overflowing, scripts, seen, shorten, stops, strangers, structure, text, thin, unfold };
})();
