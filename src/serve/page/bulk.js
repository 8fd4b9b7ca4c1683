/* bulk: one act for many comments: choose it, see how many and which, then do it.
 *
 * The server counts and draws the sample, and gives a ticket for exactly that; when meanwhile the
 * filter finds others, the ticket is refused and the look is taken again. What was done in one go is
 * undone in one go. */

import { get, newToken, post } from './api.js';
import { button, element, replace } from './dom.js';
import { count, labelNames, plural, words } from './format.js';
import { quiet } from './parts.js';
import { announce, openDialog, toast } from './ui.js';

/* selection: { filters } or { comments: [ids] }; task: the one to begin with. Answers { count, batch } when done, null when not. */
export async function openBulk(app, { task, ...selection }) {
    let tasks;
    try {
        ({ tasks } = await get('/api/tasks'));
    } catch (error) {
        toast(error.message, { urgent: true });
        return null;
    }
    if (tasks.length === 0) {
        toast('No model has labelled anything yet.');
        return null;
    }
    return new Promise((resolve) => new Bulk(app, selection, beginWith(tasks, task ?? selection.filters?.task), resolve));
}

/* The tasks, that one first; without a wish, one whose labels can all be absent. */
function beginWith(tasks, wished) {
    const first = tasks.find(({ task }) => task === wished) ?? tasks.find(({ choice }) => choice === 'any-of') ?? tasks[0];
    return [first, ...tasks.filter((task) => task !== first)];
}

const ACTS = [
    { act: 'decide', text: 'Decide the labels' },
    { act: 'skip', text: 'Skip' },
    { act: 'escalate', text: 'Escalate' },
];

class Bulk {
    constructor(app, selection, tasks, resolve) {
        Object.assign(this, { app, selection, tasks, done: null, asked: 0 });
        this.act = 'decide';
        this.task = tasks[0];
        this.labels = new Set();
        this.labelBox = element('div', { class: 'bulk-labels' });
        this.sample = element('div', { class: 'bulk-sample', 'aria-live': 'polite', 'aria-busy': 'true' });
        this.apply = button('Apply', () => this.send(), { class: 'primary', disabled: true });
        this.dialog = openDialog('Decide for many', this.form(), { className: 'bulk', onClose: () => resolve(this.done) });
        this.showLabels();
        this.preview();
    }

    form() {
        const task = element('select', { on: { change: (event) => this.chooseTask(event.target.value) } },
            this.tasks.map((each) => element('option', { value: each.task, selected: each === this.task }, words(each.task))));
        const act = element('select', { autofocus: true, on: { change: (event) => this.chooseAct(event.target.value) } },
            ACTS.map((each) => element('option', { value: each.act }, each.text)));
        return element('form', { on: { submit: (event) => event.preventDefault() } },
            element('div', { class: 'bulk-choices' },
                element('label', null, 'What to do', act), element('label', null, 'Task', task)),
            this.labelBox, this.sample,
            element('p', { class: 'dialog-actions' }, this.apply, button('Cancel', () => this.dialog.close())));
    }

    chooseTask(name) {
        this.task = this.tasks.find(({ task }) => task === name);
        this.labels.clear();
        this.showLabels();
        this.preview();
    }

    chooseAct(act) {
        this.act = act;
        this.showLabels();
        this.preview();
    }

    showLabels() {
        this.labelBox.hidden = this.act !== 'decide';
        const type = this.task.choice === 'one-of' ? 'radio' : 'checkbox';
        const box = ({ name }) => element('label', { class: 'choice' },
            element('input', { type, name: 'bulk-label', on: { change: (event) => this.chooseLabel(name, event.target.checked) } }),
            words(name));
        this.none = element('input', { type: 'checkbox', on: { change: () => this.chooseNone() } });
        replace(this.labelBox, element('fieldset', null,
            element('legend', null, type === 'radio' ? 'The label of all' : 'The labels of all'),
            this.task.labels.map(box),
            type === 'checkbox' && element('label', { class: 'choice' }, this.none, 'none of them')));
    }

    /* Said by a tick, too: a bulk that nobody has said anything for is not to be applied by mistake. */
    chooseNone() {
        this.labels.clear();
        for (const box of this.labelBox.querySelectorAll('[name=bulk-label]'))
            box.checked = false;
        this.preview();
    }

    chooseLabel(name, isOn) {
        if (this.task.choice === 'one-of')
            this.labels.clear();
        this.none.checked = false;
        if (isOn)
            this.labels.add(name);
        else
            this.labels.delete(name);
        this.preview();
    }

    get isReady() {
        return this.act !== 'decide' || this.labels.size > 0 || this.none.checked;
    }

    request() {
        return { ...this.selection, task: this.task.task, act: this.act, ...(this.act === 'decide' && { labels: [...this.labels] }) };
    }

    /* Only the answer to the last question counts. */
    async preview() {
        const mine = ++this.asked;
        this.ticket = null;
        this.apply.disabled = true;
        if (!this.isReady) {
            replace(this.sample, quiet('Choose a label.'));
            this.sample.setAttribute('aria-busy', 'false');
            return;
        }
        this.sample.setAttribute('aria-busy', 'true');
        try {
            const answer = await post('/api/bulk/preview', this.request());
            if (mine === this.asked)
                this.showPreview(answer);
        } catch (error) {
            if (mine === this.asked)
                replace(this.sample, element('p', { class: 'wrong' }, error.message));
        }
        this.sample.setAttribute('aria-busy', 'false');
    }

    showPreview({ count: number, sample, ticket }) {
        this.ticket = ticket;
        this.apply.disabled = number === 0;
        this.apply.textContent = number ? `Apply to ${count(number)}` : 'Apply';
        if (number === 0) {
            replace(this.sample, quiet('No comment is found.'));
            return;
        }
        const rest = number - sample.length;
        replace(this.sample,
            element('p', null, element('b', null, plural(number, 'comment')), ` will be ${this.said()}${this.isMarking ? ', and nothing else' : ''}.`),
            element('ul', null, sample.map((item) => this.sampled(item))),
            rest > 0 && quiet(`and ${count(rest)} more`));
    }

    /* Labels that stand and are not ticked are taken off. */
    get isMarking() {
        return this.act === 'decide' && this.task.choice === 'any-of' && this.labels.size > 0;
    }

    said() {
        const SAID = { decide: `labelled ${labelNames([...this.labels])} (${words(this.task.task)})`, skip: 'skipped', escalate: 'escalated' };
        return SAID[this.act];
    }

    sampled(item) {
        const now = item.labels.find(({ task }) => task === this.task.task);
        return element('li', null, element('span', { class: 'bulk-excerpt' }, item.excerpt),
            now && element('small', { class: 'quiet' }, `now ${labelNames(now.label)}`));
    }

    async send() {
        this.apply.disabled = true;
        try {
            this.done = await post('/api/bulk', { ticket: this.ticket, token: newToken() });
            this.dialog.close();
            this.offerUndo();
        } catch (error) {
            await this.preview();
            this.sample.prepend(element('p', { class: 'wrong' }, error.message));
            announce(error.message, { urgent: true });
        }
    }

    offerUndo() {
        const { count: number, batch } = this.done;
        toast(`${plural(number, 'comment')} ${this.said()}.`, { action: { text: 'Undo', act: () => this.undo(batch) } });
    }

    async undo(batch) {
        try {
            const { undone } = await post(`/api/decisions/${batch}/undo`);
            toast(`${plural(undone.length, 'decision')} taken back.`);
            this.app.reload();
        } catch (error) {
            toast(error.message, { urgent: true });
        }
    }
}
