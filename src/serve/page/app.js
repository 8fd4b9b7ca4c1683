/* app: the shell around the views. An address names a view; the view draws into <main>, and cleans up
 * when another takes its place.
 *
 * A view is a module view_NAME.js with
 *     export const title = 'Queue';
 *     export function render(root, parameters, app) → cleanup function, or nothing; may be async
 * root: <main>, empty. parameters: { id: number or null, query: URLSearchParams, signal: AbortSignal,
 * aborted when the view is left }. app: { navigate(address, { replace }) goes to a view;
 * setAddress(address, { replace }) only names what the view shows now; setTitle(text); reload() }.
 * The first h1 gets the focus unless the view has put it elsewhere. */

import { fetchSession } from './api.js';
import { startShell } from './shell.js';
import { openSignIn } from './signin.js';
import { failure } from './ui.js';

const VIEWS = [
    { path: /^\/(?:queue\/?)?$/, section: '/queue', load: () => import('./view_queue.js') },
    { path: /^\/comment\/(\d+)$/, section: '/queue', load: () => import('./view_comment.js') },
    { path: /^\/dashboard\/?$/, section: '/dashboard', load: () => import('./view_dashboard.js') },
    { path: /^\/pages\/?$/, section: '/pages', load: () => import('./view_pages.js') },
    { path: /^\/pages\/(\d+)$/, section: '/pages', load: () => import('./view_split.js') },
    { path: /^\/history\/?$/, section: '/history', load: () => import('./view_history.js') },
];

const app = { navigate, setAddress, setTitle, reload: () => show(false) };
let leave = null; /* ends the view that is shown */

function setTitle(text) {
    document.title = `${text} · retort`;
}

function markSection(section) {
    for (const link of document.querySelectorAll('#views a'))
        if (link.getAttribute('href') === section)
            link.setAttribute('aria-current', 'page');
        else
            link.removeAttribute('aria-current');
}

function findView(path) {
    for (const view of VIEWS) {
        const match = view.path.exec(path);
        if (match)
            return { ...view, id: match[1] ? Number(match[1]) : null };
    }
    return null;
}

function begin() {
    leave?.();
    const controller = new AbortController();
    let cleanup = null;
    const mine = {
        signal: controller.signal,
        keep(end) {
            cleanup = typeof end === 'function' ? end : null;
            if (controller.signal.aborted)
                cleanup?.();
        },
    };
    leave = () => {
        controller.abort();
        cleanup?.();
        cleanup = null;
    };
    return mine;
}

function focusHeading(root) {
    if (!root.contains(document.activeElement) || document.activeElement === root)
        (root.querySelector('h1') ?? root).focus({ preventScroll: true });
}

async function show(isMove) {
    const root = document.getElementById('main');
    const view = findView(location.pathname);
    const turn = begin();
    root.replaceChildren();
    root.className = '';
    markSection(view?.section);
    if (isMove) {
        window.scrollTo(0, 0);
        root.scrollTop = 0;
    }
    if (!view) {
        setTitle('Not here');
        root.append(failure({ status: 404, message: 'There is no such page.' }, null, { isWhole: true }));
        return;
    }
    try {
        const module = await view.load();
        if (turn.signal.aborted)
            return;
        setTitle(module.title);
        const parameters = { id: view.id, query: new URLSearchParams(location.search), signal: turn.signal };
        turn.keep(await module.render(root, parameters, app));
    } catch (error) {
        if (turn.signal.aborted)
            return;
        console.error(error);
        root.replaceChildren(failure(error, () => show(false), { isWhole: true }));
    }
    if (isMove && !turn.signal.aborted)
        focusHeading(root);
}

function setAddress(address, { replace = false } = {}) {
    if (replace)
        history.replaceState(null, '', address);
    else if (address !== location.pathname + location.search)
        history.pushState(null, '', address);
}

/* replace: no new entry in the history. */
function navigate(address, options) {
    setAddress(address, options);
    return show(true);
}

/* Plain clicks on our own links stay in the page. */
function onClick(event) {
    const link = event.target.closest?.('a[href]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey ||
        event.altKey || link.target || link.hasAttribute('download') || link.origin !== location.origin)
        return;
    if (link.hash && link.pathname === location.pathname)
        return;
    if (!findView(link.pathname))
        return;
    event.preventDefault();
    navigate(link.pathname + link.search);
}

async function start() {
    document.addEventListener('click', onClick);
    window.addEventListener('popstate', () => show(true));
    startShell(app);
    try {
        const session = await fetchSession();
        if (session.auth && !session.user)
            openSignIn();
    } catch (error) {
        console.error(error);
    }
    await show(false);
}

start();
