// SPDX-License-Identifier: Apache-2.0
import './styles/layers.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openStillroom } from './stillroom.ts';
import { textsFor } from './texts.ts';
import { TextsContext } from './texts_context.ts';

// The secret leaves the address bar, and with it the history, before anything else happens.
const { hash, pathname, search } = window.location;
if (hash) history.replaceState(null, '', pathname + search);

// Another link pasted into the same tab changes only the fragment; treat it as a new visit.
window.addEventListener('hashchange', () => window.location.reload());
// A page from the back/forward cache has a dead call inside.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload();
});

const texts = textsFor(navigator.languages);
document.documentElement.lang = texts.lang;
const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
const opening = openStillroom(hash);
const open = (): typeof opening => opening;
createRoot(root).render(
  <TextsContext value={texts}>
    <App open={open} />
  </TextsContext>,
);
