// SPDX-License-Identifier: Apache-2.0

/** In the reader's own way to write dates, where it is a way of the page's language. */
export function written(lang: string, when: number, style: Intl.DateTimeFormatOptions): string {
  const own = navigator.languages.find((language) => language.startsWith(lang));
  return new Intl.DateTimeFormat(own ?? lang, style).format(when);
}

export const DAY: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
export const TIME: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
