// The frame of all pages: what is at the top, and which page is shown.
import type { ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { FlowPage } from './pages/flow-page.js';
import { FlowsPage } from './pages/flows-page.js';
import { RunPage } from './pages/run-page.js';
import { RunsPage } from './pages/runs-page.js';
import { ThemeButton } from './parts/theme-button.js';
import { FLOWS_HREF, parseRoute, runsHref, type Route } from './route.js';

export function App() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const key =
    route.page === 'flow' || route.page === 'run' ? `${route.page} ${route.id}` : route.page;
  const isFirst = useRef(true);
  useEffect(() => {
    // A screen reader hears the new page; on the first one the browser's own order is right.
    if (isFirst.current) isFirst.current = false;
    else main.current?.focus();
    window.scrollTo(0, 0);
  }, [key]);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href={FLOWS_HREF}>
          <Mark /> Basalt
        </a>
        <nav aria-label="Pages">
          <NavLink href={FLOWS_HREF} isHere={route.page === 'flows' || route.page === 'flow'}>
            Flows
          </NavLink>
          <NavLink href={runsHref()} isHere={route.page === 'runs' || route.page === 'run'}>
            Runs
          </NavLink>
        </nav>
        <ThemeButton />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Page key={key} route={route} />
      </main>
    </>
  );
}

function Page({ route }: { route: Route }): ComponentChild {
  switch (route.page) {
    case 'flows':
      return <FlowsPage />;
    case 'flow':
      return <FlowPage id={route.id} node={route.node} />;
    case 'runs':
      return <RunsPage filter={route.filter} />;
    case 'run':
      return <RunPage id={route.id} node={route.node} />;
    case 'unknown':
      return (
        <section class="empty">
          <h1>There is no such page</h1>
          <p>
            <a href={FLOWS_HREF}>See all flows</a>
          </p>
        </section>
      );
  }
}

function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  // Before the page is painted: nobody can be faster.
  useLayoutEffect(() => {
    const onChange = () => setRoute(parseRoute(location.hash));
    window.addEventListener('hashchange', onChange);
    return () => window.removeEventListener('hashchange', onChange);
  }, []);
  return route;
}

function NavLink({ href, isHere, children }: { href: string; isHere: boolean; children: string }) {
  return (
    <a href={href} aria-current={isHere ? 'page' : undefined}>
      {children}
    </a>
  );
}

function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
      <path class="mark-line" d="M9 9h6a4 4 0 0 1 4 4v6a4 4 0 0 0 4 4" />
      <circle class="mark-a" cx="9" cy="9" r="5" />
      <circle class="mark-b" cx="23" cy="23" r="5" />
    </svg>
  );
}
