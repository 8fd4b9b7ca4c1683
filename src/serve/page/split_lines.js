/* split_lines: the lines of a page as a list of which a stretch can be selected.
 *
 * A listbox of many choices: the focus is on the list, the active line moves in it. By mouse: press
 * and draw, Shift for the rest of a stretch. By touch: tap, and tap on while `extends` is on. By
 * keyboard: arrows, Shift and arrows, Home and End, page keys. */

import { element, replace } from './dom.js';

const PAGE_OF_LINES = 15;
const DEEPEST = 5;

export class Lines {
    /* onSelect(): the selection has changed. */
    constructor(name, onSelect) {
        Object.assign(this, { onSelect, anchor: 0, active: 0, lines: [], extends: false, pointer: 'mouse' });
        this.node = element('div', {
            class: 'split-lines', role: 'listbox', tabindex: 0, 'aria-multiselectable': 'true', 'aria-label': name,
            on: {
                keydown: (event) => this.onKey(event),
                pointerdown: (event) => this.onPress(event),
                pointermove: (event) => this.onDraw(event),
                click: (event) => this.onTap(event),
            },
        });
    }

    /* The selected lines by number; null on a page without lines. */
    get from() {
        return this.lines[Math.min(this.anchor, this.active)]?.line ?? null;
    }

    get to() {
        return this.lines[Math.max(this.anchor, this.active)]?.line ?? null;
    }

    /* lines and comments as split_model has them; name(key) says which comment. */
    draw({ lines, comments }, name) {
        const byKey = new Map(comments.map((comment) => [comment.key, comment]));
        const depths = depthsOf(comments);
        this.lines = lines;
        let role = 'blank'; /* of the last line that is not blank */
        replace(this.node, lines.map((line) => {
            const comment = byKey.get(line.owner);
            const isRun = line.role !== role && line.role !== 'blank';
            role = line.role === 'blank' ? role : line.role;
            return optionOf(line, comment, { isRun, depth: depths.get(line.owner) ?? 0, name });
        }));
        this.mark();
    }

    /* Selects the row at a place, or all from the anchor to it. */
    select(place, isExtended) {
        this.active = Math.max(0, Math.min(this.lines.length - 1, place));
        if (!isExtended)
            this.anchor = this.active;
        this.mark();
        this.onSelect();
    }

    move(by, isExtended) {
        this.select(this.active + by, isExtended);
        this.node.children[this.active]?.scrollIntoView({ block: 'nearest' });
    }

    mark() {
        const first = Math.min(this.anchor, this.active);
        const last = Math.max(this.anchor, this.active);
        const active = this.node.children[this.active];
        for (const option of this.node.querySelectorAll('[aria-selected=true]'))
            option.setAttribute('aria-selected', 'false');
        for (const option of [...this.node.children].slice(first, last + 1))
            option.setAttribute('aria-selected', 'true');
        this.node.querySelector('.active')?.classList.remove('active');
        active?.classList.add('active');
        if (active)
            this.node.setAttribute('aria-activedescendant', active.id);
    }

    onKey(event) {
        const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_OF_LINES, PageUp: -PAGE_OF_LINES, Home: -Infinity, End: Infinity };
        const step = STEPS[event.key];
        if (step === undefined || event.ctrlKey || event.altKey || event.metaKey)
            return;
        event.preventDefault();
        this.move(step, event.shiftKey);
    }

    onPress(event) {
        this.pointer = event.pointerType;
        const place = this.placeOf(event.target);
        if (place >= 0 && this.pointer === 'mouse' && event.button === 0)
            this.select(place, event.shiftKey || this.extends);
    }

    onDraw(event) {
        const place = event.pointerType === 'mouse' && event.buttons === 1 ? this.placeOf(event.target) : -1;
        if (place >= 0 && place !== this.active)
            this.select(place, true);
    }

    onTap(event) {
        const place = this.placeOf(event.target);
        if (place >= 0 && this.pointer !== 'mouse')
            this.select(place, this.extends);
    }

    placeOf(target) {
        return [...this.node.children].indexOf(target.closest('[role=option]'));
    }
}

function depthsOf(comments) {
    const depths = new Map();
    for (const { key, parent } of comments)
        depths.set(key, depths.has(parent) ? Math.min(DEEPEST, depths.get(parent) + 1) : 0);
    return depths;
}

function optionOf({ line, text, role }, comment, { isRun, depth, name }) {
    const begins = comment?.first === line;
    return element('div', {
        class: `split-line is-${role}${begins ? ' begins' : ''}`, role: 'option', id: `line-${line}`, 'aria-selected': 'false', css: { depth },
    },
    element('span', { class: 'split-number' }, line),
    element('span', { class: 'split-text' },
        begins && headOf(comment, name),
        !begins && role !== 'blank' && element('span', { class: isRun && role !== 'comment' ? 'split-role' : 'unseen' }, role, ' '),
        role === 'blank' ? element('span', { class: 'unseen' }, 'blank') : text));
}

function headOf(comment, name) {
    const answers = comment.parent ? `answers ${name(comment.parent)}` : '';
    return element('span', { class: 'split-head' },
        element('b', null, name(comment.key)), [comment.author, answers].filter(Boolean).map((each) => ` · ${each}`), ' ');
}
