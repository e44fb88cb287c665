// The title of the browser's tab.
import { useEffect } from 'preact/hooks';

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Basalt' : `${title} \u00b7 Basalt`;
  }, [title]);
}
