// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { integrity } from './integrity.ts';

// The server's default development port; `STILLROOM_URL` names another.
const server = process.env['STILLROOM_URL'] ?? 'http://127.0.0.1:3000';
const proxy = {
  '/socket.io': { target: server, ws: true, changeOrigin: true },
  '/api': { target: server, changeOrigin: true },
};

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Two pages and a build for each, so that neither has to load a script by another one.
export default defineConfig(({ mode }) => {
  const page = mode === 'account' ? 'account.html' : 'index.html';
  return {
    root: here('.'),
    plugins: [integrity(page)],
    build: {
      target: ['chrome111', 'firefox115', 'safari16.4'],
      // The page's policy allows no data: URLs, and each file gets a hashed name of its own.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { input: here(page) },
      // The room is built first.
      emptyOutDir: page === 'index.html',
      copyPublicDir: page === 'index.html',
    },
    server: { proxy },
    preview: { proxy },
  };
});
