/* signin: who you are. Without --auth-file the server takes the name you give; with it, a password. */

import { currentSession, signIn } from './api.js';
import { button, element } from './dom.js';
import { rest } from './sitting.js';
import { openDialog } from './ui.js';

function field(label, input) {
    return element('p', { class: 'field' }, element('label', { for: input.id }, label), input);
}

/* The form; done() when the server has agreed. */
function signInForm(session, done) {
    const name = element('input', { id: 'sign-name', name: 'username', autocomplete: 'username', required: true,
        maxlength: 64, autocapitalize: 'none', spellcheck: 'false', value: session?.user ?? '' });
    const password = session?.auth && element('input', { id: 'sign-password', name: 'password', type: 'password',
        autocomplete: 'current-password', required: true });
    const wrong = element('p', { class: 'wrong', role: 'alert', hidden: true });
    const submit = button('Sign in', () => null, { class: 'primary', type: 'submit' });
    async function onSubmit(event) {
        event.preventDefault();
        submit.disabled = true;
        wrong.hidden = true;
        try {
            await rest();
            await signIn(name.value.trim(), password ? password.value : undefined);
            done();
        } catch (error) {
            wrong.textContent = error.message;
            wrong.hidden = false;
            (password || name).focus();
        }
        submit.disabled = false;
    }
    return element('form', { on: { submit: onSubmit } },
        !session?.auth && element('p', {}, 'Your name stands beside what you decide. This server takes it as you give it.'),
        field('Name', name), password && field('Password', password), wrong,
        element('p', { class: 'dialog-actions' }, submit));
}

function signedIn() {
    document.dispatchEvent(new CustomEvent('retort:signed-in'));
}

export function openSignIn() {
    const dialog = openDialog('Sign in', signInForm(currentSession(), () => { dialog.close(); signedIn(); }), { className: 'narrow' });
    dialog.node.querySelector('input').focus();
    return dialog;
}

/* A line above the view for those who only look. */
export function signInNotice(session) {
    return element('p', { class: 'notice' },
        session.role === 'nobody' || session.auth ? 'Sign in to see the comments and to decide. ' : 'You are looking around. To decide, say who you are. ',
        button('Sign in', openSignIn, { class: 'link' }));
}
