// SPDX-License-Identifier: Apache-2.0
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Sheet } from '../../parts/sheet.tsx';
import type { Account } from '../account.ts';
import type { Person } from '../agenda.ts';
import { type Problem, textIn } from '../api.ts';
import { Choice, Field, FormProblem } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { instantOf, localText, nextHour, type Session } from '../schedule.ts';
import type { User } from '../tab.ts';
import { sentenceOf, useAccountTexts } from '../texts.ts';

const MINUTES_MIN = 5;
const MINUTES_MAX = 600;
const MINUTES_USUAL = 50;
const STEP_SECONDS = 300;
/** The largest room holds as many, and a therapist. */
const CLIENTS_MAX = 11;

interface PlanSheetProps {
  readonly account: Account;
  readonly user: User;
  /** For administrators: whom there is to choose from. */
  readonly people: readonly Person[];
  /** Sessions whose clients are proposed to those who see no list of people. */
  readonly known: readonly Session[];
  /** The one to change; a new one without it. */
  readonly session?: Session;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function zoneOf(lang: string): string {
  const format = new Intl.DateTimeFormat(lang, { timeZoneName: 'longGeneric' });
  const name = format.formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${name} (${format.resolvedOptions().timeZone})`;
}

const idsOf = (session: Session | undefined, role: string): string[] =>
  (session?.participants ?? [])
    .filter((each) => (each.role === 'client' ? 'client' : 'therapist') === role)
    .map(({ id }) => id);

export function PlanSheet(props: PlanSheetProps): ReactNode {
  const { account, user, people, session, onClose, onDone } = props;
  const texts = useAccountTexts();
  const { plan } = texts;
  const [clients, setClients] = useState(() => placesOf(idsOf(session, 'client')));
  const [start] = useState(() => localText(session?.start ?? nextHour(Date.now())));
  const [therapist, setTherapist] = useState(
    idsOf(session, 'therapist')[0] ?? (user.role === 'therapist' ? user.id : ''),
  );
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const body = {
      clients: clients.map(({ id }) => id.trim()).filter((id) => id !== ''),
      therapist,
      start: instantOf(textIn(given, 'start')) ?? '',
      minutes: Number(given.get('minutes')),
    };
    setBusy(true);
    const answer = await (session
      ? account.ask('PATCH', `/api/sessions/${encodeURIComponent(session.id)}`, body)
      : account.ask('POST', '/api/sessions', body));
    setBusy(false);
    if (!answer.ok) return setProblem(answer);
    return onDone();
  };
  return (
    <Sheet title={session ? plan.titleChange : plan.titleNew} onClose={onClose}>
      <form className={form['form']} onSubmit={(event) => void submit(event)}>
        <Clients {...props} clients={clients} onChange={setClients} />
        {user.role === 'admin' && (
          <Choice
            label={plan.therapist}
            value={therapist}
            onChoose={setTherapist}
            options={choices(people, 'therapist', plan.choose)}
            testId="therapist"
          />
        )}
        <Field
          label={plan.start}
          hint={plan.zone(zoneOf(texts.lang))}
          type="datetime-local"
          name="start"
          defaultValue={start}
          step={session ? undefined : STEP_SECONDS}
          required
          data-testid="start"
        />
        <Field
          label={plan.minutes}
          type="number"
          name="minutes"
          inputMode="numeric"
          min={MINUTES_MIN}
          max={MINUTES_MAX}
          defaultValue={session?.minutes ?? MINUTES_USUAL}
          required
          data-testid="minutes"
        />
        <FormProblem id={problem?.code ?? ''} text={problem ? sentenceOf(problem, texts) : ''} />
        <div className={form['actions']}>
          <button type="button" className={form['plain']} onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className={form['primary']} disabled={busy} data-testid="submit">
            {session ? plan.submitChange : plan.submitNew}
          </button>
        </div>
      </form>
    </Sheet>
  );
}

function choices(people: readonly Person[], role: string, none: string) {
  const fit = people.filter((each) => each.role === role && each.status === 'active');
  return [
    { value: '', label: none },
    ...fit.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` })),
  ];
}

/** A place for one client in the form. */
interface Place {
  readonly key: string;
  readonly id: string;
}

/** One at least, to be filled in. */
function placesOf(ids: readonly string[]): readonly Place[] {
  return (ids.length > 0 ? ids : ['']).map((id) => ({ key: crypto.randomUUID(), id }));
}

interface ClientsProps extends PlanSheetProps {
  readonly clients: readonly Place[];
  readonly onChange: (clients: readonly Place[]) => void;
}

/** Administrators choose from a list; a therapist, who sees none, enters names for log-in. */
function Clients({ user, people, known, clients, onChange }: ClientsProps): ReactNode {
  const { plan } = useAccountTexts();
  const listed = useId();
  const set = (key: string, id: string): void =>
    onChange(clients.map((each) => (each.key === key ? { key, id } : each)));
  const proposed = new Map(
    known.flatMap(({ participants }) =>
      participants.filter(({ role }) => role === 'client').map(({ id, name }) => [id, name]),
    ),
  );
  return (
    <>
      {clients.map(({ key, id }, index) =>
        user.role === 'admin' ? (
          <Choice
            key={key}
            label={plan.client(index)}
            value={id}
            onChoose={(chosen) => set(key, chosen)}
            options={choices(people, 'client', plan.choose)}
            testId="client"
          />
        ) : (
          <Field
            key={key}
            label={plan.client(index)}
            hint={index === 0 ? plan.clientHint : undefined}
            value={id}
            onChange={(event) => set(key, event.currentTarget.value)}
            list={listed}
            autoComplete="off"
            required={index === 0}
            data-testid="client"
          />
        ),
      )}
      <datalist id={listed}>
        {[...proposed].map(([id, name]) => (
          <option key={id} value={id}>
            {name || id}
          </option>
        ))}
      </datalist>
      {clients.length < CLIENTS_MAX && (
        <div className={form['actions']}>
          <button
            type="button"
            className={form['plain']}
            onClick={() => onChange([...clients, ...placesOf([])])}
          >
            {plan.addClient}
          </button>
        </div>
      )}
    </>
  );
}
