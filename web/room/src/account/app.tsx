// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Account, Out } from './account.ts';
import { Home } from './screens/home.tsx';
import { LogInScreen } from './screens/log_in.tsx';
import { SetUp } from './screens/set_up.tsx';

type Place = '/account' | '/login' | '/home';

interface Where {
  readonly place: Place;
  readonly why?: Out;
  /** Whose log-in is expected. */
  readonly user?: string;
}

/** Where the address leads whom. */
function whereOf(path: string, loggedIn: boolean): Where {
  if (path === '/account') return { place: '/account' };
  return { place: loggedIn ? '/home' : '/login' };
}

export function AccountApp({ account }: { readonly account: Account }): ReactNode {
  const [where, setWhere] = useState(() =>
    whereOf(window.location.pathname, account.logIn !== undefined),
  );
  const go = useCallback((to: Where): void => {
    history.replaceState(null, '', to.place);
    setWhere(to);
  }, []);
  useEffect(() => {
    if (window.location.pathname !== where.place) history.replaceState(null, '', where.place);
  }, [where.place]);
  useEffect(() => {
    account.whenOut((why) => go({ place: '/login', why }));
  }, [account, go]);
  switch (where.place) {
    case '/account':
      return (
        <SetUp
          account={account}
          onDone={(user, why) => go(why ? { place: '/login', user, why } : { place: '/home' })}
        />
      );
    case '/login':
      return (
        <LogInScreen
          key={where.why}
          account={account}
          why={where.why}
          user={where.user}
          onDone={() => go({ place: '/home' })}
        />
      );
    case '/home':
      return account.logIn ? <Home account={account} logIn={account.logIn} /> : null;
  }
}
