// Light or dark: as the system is, until somebody chooses.
import { useState } from 'preact/hooks';

type Theme = 'system' | 'light' | 'dark';

const KEY = 'basalt-theme';
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const SIGN: Readonly<Record<Theme, string>> = { system: '\u25d0', light: '\u2600', dark: '\u263e' };

/** Sets the theme that was chosen before. */
export function applyTheme(theme = storedTheme()): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme);
  const onClick = () => {
    const next = NEXT[theme];
    localStorage.setItem(KEY, next);
    applyTheme(next);
    setTheme(next);
  };
  return (
    <button
      type="button"
      class="icon-button theme-button"
      onClick={onClick}
      aria-label={`Colours: ${theme}. Change to ${NEXT[theme]}`}
      title={`Colours: ${theme}`}
    >
      <span aria-hidden="true">{SIGN[theme]}</span>
    </button>
  );
}

function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
