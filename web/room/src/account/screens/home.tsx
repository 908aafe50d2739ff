// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useState } from 'react';
import type { Account } from '../account.ts';
import type { Problem } from '../api.ts';
import { FormProblem } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { Shell } from '../parts/shell.tsx';
import type { LogIn } from '../tab.ts';
import { sentenceOf, useAccountTexts } from '../texts.ts';
import css from './home.module.css';
import { People } from './people.tsx';
import { Sessions } from './sessions.tsx';

interface HomeProps {
  readonly account: Account;
  readonly logIn: LogIn;
}

type Section = 'sessions' | 'people';

export function Home({ account, logIn }: HomeProps): ReactNode {
  const texts = useAccountTexts();
  const { home } = texts;
  const { user } = logIn;
  const [section, setSection] = useState<Section>('sessions');
  const [problem, setProblem] = useState<Problem | null>(null);
  const leave = async (): Promise<void> => {
    const answer = await account.leave();
    if (!answer.ok) setProblem(answer);
  };
  const beside = (
    <button
      type="button"
      className={form['plain']}
      onClick={() => void leave()}
      data-testid="log-out"
    >
      {home.logOut}
    </button>
  );
  return (
    <Shell title={home.hello(user.name)} width="list" beside={beside}>
      <FormProblem id={problem?.code ?? ''} text={problem ? sentenceOf(problem, texts) : ''} />
      {user.role === 'admin' && (
        <nav className={css['sections']} aria-label={home.sections}>
          {(['sessions', 'people'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-current={each === section ? 'page' : undefined}
              onClick={() => setSection(each)}
              data-testid={`section-${each}`}
            >
              {home[each]}
            </button>
          ))}
        </nav>
      )}
      {section === 'people' ? (
        <People account={account} />
      ) : (
        <Sessions account={account} user={user} />
      )}
    </Shell>
  );
}
