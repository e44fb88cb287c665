// Starts the viewer's pages.
import { render } from 'preact';
import { App } from './app.js';
import { applyTheme } from './parts/theme-button.js';

applyTheme();
render(<App />, document.getElementById('app')!);
