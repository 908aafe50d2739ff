// SPDX-License-Identifier: Apache-2.0
import '../styles/layers.css';
import { createRoot } from 'react-dom/client';
import { textsFor as roomTextsFor } from '../texts.ts';
import { TextsContext } from '../texts_context.ts';
import { openAccount } from './account.ts';
import { AccountApp } from './app.tsx';
import { AccountTextsContext, textsFor } from './texts.ts';

// An invitation leaves the address bar, and with it the history, before anything else happens.
const { hash, pathname, search } = window.location;
if (hash) history.replaceState(null, '', pathname + search);

// Another invitation pasted into the same tab changes only the fragment; it is a new visit.
window.addEventListener('hashchange', () => window.location.reload());
// A page from the back/forward cache may show somebody who has logged out since.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload();
});

const texts = textsFor(navigator.languages);
document.documentElement.lang = texts.lang;
const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
createRoot(root).render(
  <TextsContext value={roomTextsFor(navigator.languages)}>
    <AccountTextsContext value={texts}>
      <AccountApp account={openAccount(hash)} />
    </AccountTextsContext>
  </TextsContext>,
);
