/* thread: where a comment stands: its article, what it answers, and its neighbours. */

import { button, element } from './dom.js';
import { writeFilters } from './filters.js';
import { keycap, shortcuts } from './keys.js';

const DEEPEST = 8;

/* The article's beginning, the rest on demand. Answers { node, toggle }. */
export function articleBox(article, isOpen, onToggle) {
    if (!article?.text?.trim())
        return { node: null, toggle: () => null };
    const [first, ...rest] = article.text.trim().split(/\n+/);
    const text = element('div', { class: 'article-text', id: 'article-text' },
        element('p', { class: 'article-title', dir: 'auto' }, first), rest.map((paragraph) => element('p', { dir: 'auto' }, paragraph)));
    const label = element('span');
    const more = button([label, keycap('article')], () => toggle(), { class: 'link article-more', 'aria-controls': 'article-text', 'aria-keyshortcuts': shortcuts('article') });
    const node = element('section', { class: 'article', 'aria-label': 'Article' }, text, more);
    const show = () => {
        node.classList.toggle('open', isOpen);
        more.setAttribute('aria-expanded', String(isOpen));
        label.textContent = isOpen ? 'Only its beginning' : 'Read all of the article';
    };
    function toggle() {
        isOpen = !isOpen;
        onToggle(isOpen);
        show();
    }
    show();
    return { node, toggle };
}

export function parentBox(parent, filters) {
    if (!parent)
        return null;
    const who = parent.author || (parent.id ? `comment ${parent.id}` : 'somebody');
    return element('section', { class: 'parent', 'aria-label': 'What it answers' },
        element('p', { class: 'parent-who' }, 'answers ',
            parent.id ? element('a', { href: `/comment/${parent.id}${writeFilters(filters)}` }, element('bdi', {}, who)) : element('bdi', {}, who)),
        element('blockquote', { dir: 'auto' }, parent.text));
}

function placeRow(place, id, filters) {
    const isThis = place.id === id;
    const text = [place.author ? element('bdi', { class: 'place-who' }, place.author) : element('span', { class: 'place-number' }, place.number ?? '·'), element('bdi', { class: 'place-excerpt' }, place.excerpt)];
    return element('li', { class: isThis ? 'place this' : 'place', css: { depth: Math.min(place.depth, DEEPEST) } },
        isThis ? element('span', { class: 'place-text', 'aria-current': 'true' }, text)
            : element('a', { class: 'place-text', href: `/comment/${place.id}${writeFilters(filters)}` }, text));
}

export function threadBox(comment, filters) {
    if (comment.thread.length < 2)
        return null;
    const list = element('ol', {}, comment.thread.map((place) => placeRow(place, comment.id, filters)));
    return element('section', { class: 'thread-box' }, element('h2', { id: 'thread-name' }, 'In the thread'),
        element('div', { class: 'thread', tabindex: '0', role: 'group', 'aria-labelledby': 'thread-name' }, list));
}

/* Brings the comment itself into sight within the list, without moving the page. */
export function centreThread(root) {
    const list = root.querySelector('.thread');
    const here = list?.querySelector('.this');
    if (here)
        list.scrollTop = here.offsetTop - (list.clientHeight - here.clientHeight) / 2;
}
