/* view_split: how a page was split, and its correction.
 *
 * What is done here waits in a list and is shown at once; saved, it is one correction, which stays as
 * evidence and can be undone. When somebody else was quicker, their split is loaded and what is
 * pending is laid over it. What is pending is kept while other views are looked at. */

import { currentSession, get, mayDecide, mayTakeBack, newToken, post } from './api.js';
import { button, element, replace } from './dom.js';
import { pageName, plural } from './format.js';
import { bind, keycap, shortcuts } from './keys.js';
import { panel, quiet, when } from './parts.js';
import { Lines } from './split_lines.js';
import { applied, ARTICLE, carriedOver, inWords, means, toServer } from './split_model.js';
import { announce, heading, toast } from './ui.js';

export const title = 'Split';

const drafts = new Map(); /* person and page → operations that were not saved when the view was left */

export async function render(root, parameters, app) {
    const page = await get(`/api/pages/${parameters.id}`, {}, { signal: parameters.signal });
    const editor = new Editor(page);
    app.setTitle(`Split of ${pageName(page.source)}`);
    root.append(editor.node);
    return () => editor.leave();
}

function sentence(text) {
    return text[0].toUpperCase() + text.slice(1);
}

class Editor {
    constructor(page) {
        this.operations = [];
        this.lines = new Lines('Lines of the page', () => this.showSelection());
        this.head = element('div', { class: 'split-about quiet' });
        this.pending = element('div');
        this.past = element('div');
        this.node = element('div', { class: 'split-view' }, this.headOf(page), this.head,
            element('div', { class: 'split' }, this.lines.node,
                element('div', { class: 'split-side' }, mayDecide() && [this.acts(), this.pending], this.past)));
        this.draft = `${currentSession()?.user} ${page.id}`;
        this.load(page, drafts.get(this.draft) ?? []);
        this.unbind = mayDecide() ? bind(this.keys()) : () => {};
        this.warn = (event) => this.operations.length > 0 && event.preventDefault();
        window.addEventListener('beforeunload', this.warn);
    }

    leave() {
        this.unbind();
        window.removeEventListener('beforeunload', this.warn);
        drafts.set(this.draft, this.operations);
    }

    headOf(page) {
        return element('div', { class: 'view-head' }, heading(pageName(page.source)),
            element('a', { class: 'button', href: `/queue?page=${page.source_id}&state=all` }, 'Its comments'));
    }

    /* A split from the server, and operations laid over it. */
    load(page, operations) {
        this.page = page;
        this.operations = carriedOver(page, operations);
        this.token = null;
        replace(this.head, page.source, ' · ', page.corrected_by ? `corrected by ${page.corrected_by}` : `split by the splitter ${String(page.splitter ?? '').slice(0, 8)}`);
        this.draw();
        this.drawPast();
    }

    draw() {
        this.now = applied(this.page, this.operations);
        this.byLine = new Map(this.now.lines.map((line) => [line.line, line]));
        this.byKey = new Map(this.now.comments.map((comment) => [comment.key, comment]));
        this.lines.draw(this.now, (key) => this.nameOf(key));
        this.showSelection();
        this.drawPending();
    }

    nameOf(key) {
        const number = this.byKey.get(key)?.number ?? this.page.comments.find(({ first_line }) => first_line === key)?.number;
        return number ? `comment ${number}` : `new comment (line ${key})`;
    }

    /* ---- acts on the selection ---- */

    acts() {
        const act = (name, text, properties) => {
            this[name] = button([text, ' ', keycap(name)], () => this.add(this.possible()[name]), { class: 'button', 'aria-keyshortcuts': shortcuts(name), ...properties });
            return this[name];
        };
        this.selected = element('p', { 'aria-live': 'polite' });
        this.parent = element('select', { on: { change: () => this.answer(Number(this.parent.value)) } });
        this.more = button('Select a stretch', () => this.extend(), { class: 'button split-stretch', 'aria-pressed': 'false' });
        return element('section', { class: 'split-acts', 'aria-label': 'The selected lines' },
            element('div', { class: 'split-selected' }, this.selected, this.more),
            element('div', { class: 'row' }, act('splitArticle', 'Article'), act('splitComment', 'Comment'), act('splitFurniture', 'Furniture')),
            element('div', { class: 'row' }, act('splitCut', 'New comment here'), act('splitMerge', 'Join above')),
            element('label', { class: 'beside' }, element('span', null, 'Answers ', keycap('splitParent')), this.parent));
    }

    keys() {
        const acts = ['splitArticle', 'splitComment', 'splitFurniture', 'splitCut', 'splitMerge'];
        const press = (name) => () => this[name].click();
        return {
            ...Object.fromEntries(acts.map((name) => [name, press(name)])),
            splitParent: () => this.parent.focus(),
            splitSave: () => this.save(),
            undo: () => this.takeBack(),
            next: () => this.lines.move(1, false),
            previous: () => this.lines.move(-1, false),
        };
    }

    /* The comment that an act on the selection is about: that of its first line. */
    get comment() {
        return this.byKey.get(this.byLine.get(this.lines.from)?.owner);
    }

    showSelection() {
        if (!this.selected)
            return;
        const { from, to } = this.lines;
        const comment = this.comment;
        this.selected.textContent = (from === to ? `Line ${from}` : `Lines ${from} to ${to}`) + (comment ? `, ${this.nameOf(comment.key)}` : '');
        for (const [name, operation] of Object.entries(this.possible()))
            this[name].disabled = !means(this.now, operation);
        this.showParents(comment);
    }

    /* Only what stands before a comment can be what it answers. */
    showParents(comment) {
        const before = comment ? this.now.comments.filter(({ first }) => first < comment.first) : [];
        const choice = (key, text) => element('option', { value: key, selected: key === comment?.parent }, text);
        this.parent.disabled = !comment;
        replace(this.parent, choice(ARTICLE, 'the article'), before.reverse().map(({ key, first, author }) =>
            choice(key, `${this.nameOf(key)}: ${author ? `${author}, ` : ''}${this.byLine.get(first).text.slice(0, 40)}`)));
    }

    extend() {
        this.lines.extends = !this.lines.extends;
        this.more.setAttribute('aria-pressed', String(this.lines.extends));
    }

    /* What each button would add. */
    possible() {
        const { from, to } = this.lines;
        return {
            splitArticle: { op: 'role', from, to, role: 'article' },
            splitComment: { op: 'role', from, to, role: 'comment' },
            splitFurniture: { op: 'role', from, to, role: 'furniture' },
            splitCut: { op: 'cut', line: from },
            splitMerge: { op: 'merge', key: this.comment?.key },
        };
    }

    answer(parent) {
        this.add({ op: 'parent', key: this.comment.key, parent });
    }

    /* ---- what is pending ---- */

    add(operation) {
        this.operations = [...this.operations, operation];
        this.token = null;
        const said = this.said(operation);
        this.draw();
        announce(said);
    }

    said(operation) {
        return sentence(inWords(operation, (key) => this.nameOf(key)));
    }

    takeBack() {
        if (this.operations.length === 0)
            return;
        announce(`Taken back: ${this.said(this.operations.at(-1))}`);
        this.operations = this.operations.slice(0, -1);
        this.token = null;
        this.draw();
    }

    discard() {
        this.operations = [];
        this.token = null;
        this.draw();
        this.lines.node.focus();
        announce('Discarded');
    }

    drawPending() {
        const number = this.operations.length;
        const focused = this.pending.contains(document.activeElement);
        replace(this.pending, panel('Pending',
            number === 0 ? quiet('Select lines, then say what they are.')
                : [element('ol', { class: 'split-operations' }, this.operations.map((operation) => element('li', null, this.said(operation)))),
                    element('p', { class: 'row' },
                        button([`Save ${plural(number, 'change')} `, keycap('splitSave')], () => this.save(), { class: 'primary', 'aria-keyshortcuts': shortcuts('splitSave') }),
                        button(['Take back the last ', keycap('undo')], () => this.takeBack(), { class: 'button', 'aria-keyshortcuts': shortcuts('undo') }),
                        button('Discard', () => this.discard()))]));
        if (focused)
            (this.pending.querySelectorAll('button')[1] ?? this.lines.node).focus();
    }

    /* Sent again after no answer, it is the same correction: it keeps its token. */
    async save() {
        if (this.operations.length === 0 || this.isSaving)
            return;
        this.isSaving = true;
        this.token ??= newToken();
        const body = { split: this.page.split, operations: toServer(this.page, this.operations), token: this.token };
        try {
            const page = await post(`/api/pages/${this.page.id}/corrections`, body);
            this.load(page, []);
            const made = page.corrections.findLast(({ undone }) => !undone);
            toast('The correction is saved.', made && { action: { text: 'Undo', act: () => this.undo(made.id) } });
        } catch (error) {
            await this.refused(error);
        }
        this.isSaving = false;
    }

    async refused(error) {
        if (error.status !== 409) {
            toast(error.message, { urgent: true });
            return;
        }
        try {
            const pending = this.operations;
            this.load(await get(`/api/pages/${this.page.id}`), pending);
            const lost = pending.length - this.operations.length;
            toast(`Somebody else corrected this page meanwhile. Theirs is shown, with yours over it${lost ? `, save ${lost} that no longer fit` : ''}; look again and save.`, { urgent: true });
        } catch (again) {
            toast(again.message, { urgent: true });
        }
    }

    /* ---- corrections made ---- */

    drawPast() {
        const { corrections } = this.page;
        const newest = corrections.findLast(({ undone }) => !undone); /* others are built on */
        replace(this.past, corrections.length > 0 && panel('Corrections',
            element('ol', { class: 'split-past' }, corrections.toReversed().map((correction) => this.pastOf(correction, newest)))));
    }

    pastOf({ id, reviewer, made, operations, undone }, newest) {
        const name = (number) => typeof number === 'number' && number > 0 ? `comment ${number}` : 'a new comment';
        const said = (operation) => sentence(inWords({ ...operation, key: operation.comment, parent: operation.parent ?? -1 }, name));
        return element('li', { class: undone ? 'taken-back' : null },
            element('div', { class: 'quiet' }, reviewer ?? 'somebody', ' · ', when(made), undone && element('em', { class: 'remark' }, 'undone')),
            element('ul', null, operations.map((operation) => element('li', null, said(operation)))),
            id === newest?.id && mayTakeBack({ reviewer }) && button('Undo', () => this.undo(id), { 'aria-label': `Undo correction ${id}` }));
    }

    async undo(id) {
        try {
            this.load(await post(`/api/corrections/${id}/undo`), this.operations);
            this.lines.node.focus({ preventScroll: true });
            toast('The correction is taken back.');
        } catch (error) {
            toast(error.message, { urgent: true });
        }
    }
}
