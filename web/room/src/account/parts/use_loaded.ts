// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { isProblem, type Problem } from '../api.ts';

type Loader<T> = () => Promise<T | Problem>;

function start<T extends object>(
  load: Loader<T>,
  turn: RefObject<number>,
  take: (loaded: T | Problem) => void,
): void {
  turn.current += 1;
  const mine = turn.current;
  // Only the answer to the last question counts.
  void load().then((loaded) => mine === turn.current && take(loaded));
}

interface Loaded<T> {
  /** The last good answer; null until there is one. */
  readonly value: T | null;
  /** What became of the last question. */
  readonly problem: Problem | null;
  readonly again: () => void;
}

/** What `load` gives, asked for anew whenever it is another function, and at request. */
export function useLoaded<T extends object>(load: Loader<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'again'>>({ value: null, problem: null });
  const turn = useRef(0);
  const take = useCallback((loaded: T | Problem): void => {
    setState((before) =>
      isProblem(loaded)
        ? { value: before.value, problem: loaded }
        : { value: loaded, problem: null },
    );
  }, []);
  useEffect(() => start(load, turn, take), [load, take]);
  const again = useCallback(() => start(load, turn, take), [load, take]);
  return { ...state, again };
}
