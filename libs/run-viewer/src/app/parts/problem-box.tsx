// What went wrong with a request, and what one can do about it.
import { useState } from 'preact/hooks';
import { ApiError } from '../api.js';
import { rememberToken } from '../token.js';

export interface ProblemBoxProps {
  readonly error: unknown;
  onRetry?: () => void;
}

export function ProblemBox({ error, onRetry }: ProblemBoxProps) {
  if (error instanceof ApiError && error.status === 401) {
    return <TokenForm message={error.message} onDone={onRetry} />;
  }
  const code = error instanceof ApiError ? error.code : '';
  return (
    <div class="notice danger" role="alert">
      <p>
        {code !== '' && <code>{code}</code>} {messageOf(error)}
      </p>
      {onRetry !== undefined && (
        <button type="button" class="button small" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function TokenForm({ message, onDone }: { message: string; onDone: (() => void) | undefined }) {
  const [token, setToken] = useState('');
  return (
    <form
      class="notice token-form"
      onSubmit={(event) => {
        event.preventDefault();
        rememberToken(token.trim());
        onDone?.();
      }}
    >
      <h2>This host asks for a token</h2>
      <p role="alert">{message}</p>
      <div class="field">
        <label for="token">Bearer token</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <p class="hint">It is kept for this tab only.</p>
      </div>
      <button type="submit" class="button primary">
        Use token
      </button>
    </form>
  );
}
