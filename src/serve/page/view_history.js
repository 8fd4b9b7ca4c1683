/* view_history: what was decided lately, newest first, and the way back from each.
 *
 * A bulk act is one row however many comments it touched, and is undone as one. Decisions come in
 * slices. */

import { get, mayTakeBack, post } from './api.js';
import { append, button, element, replace } from './dom.js';
import { labelNames, plural, words } from './format.js';
import { quiet, when } from './parts.js';
import { announce, heading, toast } from './ui.js';

const SLICE = 100;

export const title = 'History';

export async function render(root, parameters, app) {
    const reviewer = parameters.query.get('reviewer') ?? '';
    const list = new History(reviewer, parameters.signal);
    const slice = await list.read();
    root.append(heading(title), filterForm(reviewer, app), list.node);
    list.show(slice);
}

function filterForm(reviewer, app) {
    const field = element('input', { type: 'search', name: 'reviewer', value: reviewer, autocomplete: 'off', placeholder: 'everybody' });
    const go = (event) => {
        event.preventDefault();
        const name = field.value.trim();
        app.navigate(name ? `/history?${new URLSearchParams({ reviewer: name })}` : '/history');
    };
    return element('form', { class: 'history-filter', role: 'search', on: { submit: go } },
        element('label', { class: 'beside' }, 'Decisions of', field),
        element('button', { type: 'submit' }, 'Show'));
}

class History {
    constructor(reviewer, signal) {
        Object.assign(this, { reviewer, signal, before: undefined });
        this.rows = element('ol', { class: 'history' });
        this.more = element('p', { class: 'more-rows' });
        this.node = element('div', null, this.rows, this.more);
    }

    async read() {
        const query = { reviewer: this.reviewer, before: this.before, bulks: 'once', limit: SLICE };
        return (await get('/api/decisions', query, { signal: this.signal })).decisions;
    }

    show(decisions) {
        for (const decision of decisions)
            this.rows.append(this.row(decision));
        this.before = decisions.at(-1)?.id;
        if (this.rows.children.length === 0)
            replace(this.more, quiet(this.reviewer ? `No decision of ${this.reviewer}.` : 'Nobody has decided anything yet.'));
        else
            replace(this.more, decisions.length === SLICE && button('Show older', () => this.readOn()));
    }

    async readOn() {
        try {
            const decisions = await this.read();
            this.show(decisions);
            announce(`${plural(decisions.length, 'older decision')} shown`);
        } catch (error) {
            if (!this.signal.aborted)
                toast(error.message, { urgent: true });
        }
    }

    row(decision) {
        const what = decision.batch ? `in bulk: ${plural(decision.size, 'comment')}`
            : element('a', { href: `/comment/${decision.comment}` }, decision.excerpt || 'without text');
        const row = element('li', { class: decision.undone ? 'act taken-back' : 'act', tabindex: -1 },
            element('div', { class: 'act-what' }, actOf(decision), decision.undone && element('em', { class: 'remark' }, 'undone')),
            element('div', { class: 'act-on' }, what),
            decision.note && element('div', { class: 'act-note' }, decision.note),
            element('div', { class: 'quiet' }, whose(decision.reviewer), ' · ', when(decision.decided), decision.via && ` · ${decision.via}`));
        return append(row, this.undoButton(decision, row));
    }

    undoButton(decision, row) {
        if (decision.undone || decision.kind === 'undo' || !mayTakeBack(decision))
            return null;
        const name = decision.batch ? 'Undo all' : 'Undo';
        const about = decision.batch ? `the bulk act ${decision.batch}` : `decision ${decision.id}`;
        return button(name, () => this.undo(decision, row), { class: 'button act-undo', 'aria-label': `${name}: ${about}` });
    }

    async undo(decision, row) {
        try {
            const { undone } = await post(`/api/decisions/${decision.id}/undo`);
            toast(undone.length ? `${plural(undone.length, 'decision')} taken back.` : 'It was taken back already.');
            const now = this.row({ ...decision, undone: true });
            row.replaceWith(now);
            now.focus();
        } catch (error) {
            toast(error.message, { urgent: true });
        }
    }
}

function whose(reviewer) {
    return reviewer ? element('a', { class: 'plain', href: `/history?${new URLSearchParams({ reviewer })}` }, reviewer) : 'somebody';
}

const KINDS = { skip: 'skipped', escalate: 'escalated', note: 'a note', undo: 'took a decision back' };

function actOf({ kind, task, label, shown, target, batch }) {
    const said = KINDS[kind];
    if (said)
        return [`${words(task)}: `, element('b', null, said)];
    const isSame = shown && label && [...shown].sort().join() === [...label].sort().join();
    return [
        `${words(task)}: `, element('b', null, labelNames(label)),
        shown && !batch && element('span', { class: 'quiet' }, isSame ? ', as the model had it' : `; the model had ${labelNames(shown)}`),
        target && element('span', { class: 'quiet' }, ` (toward “${target}”)`),
    ];
}
