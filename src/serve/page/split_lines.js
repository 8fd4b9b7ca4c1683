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
        Object.assign(this, { onSelect, anchor: 1, active: 1, count: 0, extends: false, pointer: 'mouse' });
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

    get from() {
        return Math.min(this.anchor, this.active);
    }

    get to() {
        return Math.max(this.anchor, this.active);
    }

    /* lines and comments as split_model has them; name(key) says which comment. */
    draw({ lines, comments }, name) {
        const byKey = new Map(comments.map((comment) => [comment.key, comment]));
        const depths = depthsOf(comments);
        this.count = lines.length;
        let role = 'blank'; /* of the last line that is not blank */
        replace(this.node, lines.map((line) => {
            const comment = byKey.get(line.owner);
            const isRun = line.role !== role && line.role !== 'blank';
            role = line.role === 'blank' ? role : line.role;
            return optionOf(line, comment, { isRun, depth: depths.get(line.owner) ?? 0, name });
        }));
        this.mark();
    }

    /* An extended selection goes from the anchor to the line. */
    select(line, isExtended) {
        this.active = Math.max(1, Math.min(this.count, line));
        if (!isExtended)
            this.anchor = this.active;
        this.mark();
        this.onSelect();
    }

    move(by, isExtended) {
        this.select(this.active + by, isExtended);
        this.node.children[this.active - 1]?.scrollIntoView({ block: 'nearest' });
    }

    mark() {
        const options = this.node.children;
        for (const option of this.node.querySelectorAll('[aria-selected=true]'))
            option.setAttribute('aria-selected', 'false');
        this.node.querySelector('.active')?.classList.remove('active');
        for (let line = this.from; line <= this.to && line <= this.count; line++)
            options[line - 1].setAttribute('aria-selected', 'true');
        options[this.active - 1]?.classList.add('active');
        if (this.count > 0)
            this.node.setAttribute('aria-activedescendant', options[this.active - 1].id);
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
        const line = lineOf(event.target);
        if (line && this.pointer === 'mouse' && event.button === 0)
            this.select(line, event.shiftKey || this.extends);
    }

    onDraw(event) {
        const line = event.pointerType === 'mouse' && event.buttons === 1 && lineOf(event.target);
        if (line && line !== this.active)
            this.select(line, true);
    }

    onTap(event) {
        const line = lineOf(event.target);
        if (line && this.pointer !== 'mouse')
            this.select(line, this.extends);
    }
}

function lineOf(target) {
    return Number(target.closest('[role=option]')?.dataset.line ?? 0);
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
        class: `split-line is-${role}${begins ? ' begins' : ''}`, role: 'option', id: `line-${line}`, 'aria-selected': 'false',
        data: { line }, css: { depth },
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
