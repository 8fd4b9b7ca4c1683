/* view_pages: the pages that came in, and the way for more: a file dropped or chosen, or a pasted text.
 * Each is split, labelled and in the queue when the answer comes. */

import { get, mayDecide, post } from './api.js';
import { append, button, element, replace } from './dom.js';
import { count, plural } from './format.js';
import { dataTable, figure, quiet, when } from './parts.js';
import { announce, heading, toast } from './ui.js';

const SLICE = 50;

export const title = 'Pages';

export async function render(root, parameters, app) {
    const list = new Pages(parameters.signal);
    await list.readOn();
    append(root, heading(title), element('div', { class: 'pages-in' }, mayDecide() && intake(list), list.node));
}

class Pages {
    constructor(signal) {
        Object.assign(this, { signal, rows: [], next: undefined });
        this.node = element('section', { class: 'section' });
    }

    async readOn() {
        const { pages, next } = await get('/api/pages', { after: this.next, limit: SLICE }, { signal: this.signal });
        this.rows.push(...pages);
        this.next = next;
        this.draw();
    }

    async readAnew() {
        Object.assign(this, { rows: [], next: undefined });
        await this.readOn();
    }

    draw() {
        replace(this.node, element('h2', null, 'Pages so far'),
            this.rows.length === 0 ? quiet('None yet.') : dataTable('Pages so far', ['Page', ...['Comments', 'Waiting'].map(figure), 'Came', 'Split'], this.rows.map(row)),
            quiet('What told its comments apart itself (an export, JSON lines) has no split to look at: it stands in the ',
                element('a', { href: '/queue' }, 'queue'), ' and on the ', element('a', { href: '/dashboard' }, 'dashboard'), '.'),
            this.next && element('p', { class: 'more-rows' }, button('Show older', () => this.readMore())));
    }

    async readMore() {
        const before = this.rows.length;
        try {
            await this.readOn();
            announce(`${plural(this.rows.length - before, 'older page')} shown`);
        } catch (error) {
            if (!this.signal.aborted)
                toast(error.message, { urgent: true });
        }
    }
}

function row(page) {
    return [
        element('a', { class: 'source', href: queueOf(page) }, page.source),
        figure(count(page.comments)), figure(count(page.waiting)), when(page.fetched),
        element('a', { href: `/pages/${page.id}` }, page.corrected ? 'Corrected' : 'Look', element('span', { class: 'unseen' }, ` at the split of ${page.source}`)),
    ];
}

function queueOf(page) {
    return `/queue?page=${page.source_id ?? ''}&state=all`;
}

function intake(list) {
    const results = element('ol', { class: 'arrivals', 'aria-live': 'polite' });
    const bring = async (name, send) => {
        const line = element('li', null, element('b', null, name), ' ', element('span', { class: 'quiet' }, 'is read, split and labelled …'));
        results.prepend(line);
        try {
            replace(line, arrival(name, await send()));
        } catch (error) {
            replace(line, element('b', null, name), ' ', element('span', { class: 'wrong' }, error.message));
            return line;
        }
        await list.readAnew().catch(() => null); /* the list is as it was */
        return line;
    };
    return element('section', { class: 'section' }, element('h2', null, 'Bring one in'),
        element('div', { class: 'intake' }, fileForm(bring), pasteForm(bring)), results);
}

/* What became of a file: an export may hold many pages, a page none. */
function arrival(name, { pages, comments, said }) {
    const SHOWN = 5;
    return [
        element('b', null, name), ': ', plural(comments, 'comment'), pages.length > 1 && ` on ${plural(pages.length, 'page')}`, '. ',
        pages.slice(0, SHOWN).map((page) => [
            page.id && [element('a', { href: `/pages/${page.id}` }, 'See the split'), ' · '],
            element('a', { href: page.source_id ? `/queue?page=${page.source_id}` : '/queue' }, 'To its queue'), ' ']),
        pages.length > SHOWN && `and ${count(pages.length - SHOWN)} more`,
        said.length > 0 && element('ul', { class: 'quiet' }, said.map((each) => element('li', null, each))),
    ];
}

/* One after another: the server is not given ten files at once. */
async function sendFiles(files, bring) {
    for (const file of files)
        await bring(file.name, () => post(`/api/pages?${new URLSearchParams({ name: file.name })}`, file, { type: 'application/octet-stream' }));
}

function fileForm(bring) {
    const field = element('input', { type: 'file', multiple: true, on: { change: () => { sendFiles([...field.files], bring); field.value = ''; } } });
    const zone = element('label', { class: 'drop' },
        element('b', null, 'A file'), element('span', null, 'Drop it here or choose: text, HTML, an export of a comment platform, a crawl; gzipped too.'), field);
    const mark = (isOver) => (event) => {
        event.preventDefault();
        zone.classList.toggle('over', isOver);
    };
    for (const [type, isOver] of [['dragenter', true], ['dragover', true], ['dragleave', false], ['drop', false]])
        zone.addEventListener(type, mark(isOver));
    zone.addEventListener('drop', (event) => sendFiles([...event.dataTransfer.files], bring));
    return zone;
}

function pasteForm(bring) {
    const text = element('textarea', { rows: 5, required: true, spellcheck: 'false', placeholder: 'The whole page, as you copied it' });
    const field = element('input', { type: 'text', autocomplete: 'off', placeholder: 'paste' });
    const submit = async (event) => {
        event.preventDefault();
        const name = field.value.trim() || 'paste';
        const line = await bring(name, () => post('/api/pages', { name, text: text.value }));
        if (!line.querySelector('.wrong'))
            text.value = '';
    };
    return element('form', { class: 'paste', on: { submit } },
        element('label', null, element('b', null, 'A text'), text),
        element('div', { class: 'paste-foot' },
            element('label', { class: 'beside' }, 'Call it', field),
            element('button', { type: 'submit', class: 'primary' }, 'Bring it in')));
}
