// A form for the payload of a trigger, made from its JSON Schema. Whoever would rather write JSON can.
import { useId, useMemo, useRef, useState } from 'preact/hooks';
import type { PayloadProblem, ShownJson } from '../../viewer-protocol.js';
import { ProblemsContext } from './field-frame.js';
import { FieldInput } from './field-input.js';
import { emptyDraft, draftOf, readDraft, type Draft } from './form-draft.js';
import { fieldOf, type FormField } from './form-field.js';

export interface SchemaFormProps {
  /** Null where anything is accepted. */
  readonly schema: ShownJson;
  readonly isBusy: boolean;
  /** What the host found wrong. */
  readonly serverProblems: readonly PayloadProblem[];
  onSubmit(payload: ShownJson): void;
  onCancel(): void;
}

const ANYTHING: FormField = { kind: 'json', title: '', description: '', initial: undefined };

export function SchemaForm(props: SchemaFormProps) {
  const { schema, isBusy, serverProblems, onSubmit, onCancel } = props;
  const field = useMemo(() => (schema === null ? ANYTHING : fieldOf(schema)), [schema]);
  const entry = usePayload(field);
  const { draft, json, isJson } = entry;
  const form = useRef<HTMLFormElement>(null);
  const shown = entry.problems.length > 0 ? entry.problems : serverProblems;

  const onSubmitForm = (event: SubmitEvent) => {
    event.preventDefault();
    const { value, problems } = entry.read();
    if (problems.length === 0) onSubmit(value ?? null);
    else requestAnimationFrame(() => focusFirstProblem(form.current));
  };

  return (
    <form class="schema-form" ref={form} onSubmit={onSubmitForm} noValidate aria-busy={isBusy}>
      <ProblemsContext.Provider value={shown}>
        <ProblemSummary problems={shown} isJson={isJson} />
        {field.kind !== 'json' && <ModeSwitch {...entry} />}
        {json !== undefined ? (
          <JsonPayload text={json} isWrong={shown.length > 0} onChange={entry.setJson} />
        ) : (
          <FieldInput
            field={field}
            draft={draft}
            onChange={entry.setDraft}
            label="Payload"
            isRequired
            pointer=""
            depth={0}
          />
        )}
      </ProblemsContext.Provider>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={isBusy}>
          {isBusy ? 'Starting\u2026' : 'Start run'}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          Close
        </button>
      </div>
    </form>
  );
}

/** What was entered, as fields or as JSON, and what is wrong with it. */
function usePayload(field: FormField) {
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(field));
  const [json, setJson] = useState<string | undefined>(field.kind === 'json' ? '' : undefined);
  const [problems, setProblems] = useState<readonly PayloadProblem[]>([]);
  const read = () => {
    const found =
      json === undefined
        ? readDraft(field, draft, true)
        : readDraft(ANYTHING, { kind: 'json', text: json }, field.kind !== 'json');
    setProblems(found.problems);
    return found;
  };
  const toJson = () => {
    const { value } = readDraft(field, draft, true);
    setProblems([]);
    setJson(JSON.stringify(value ?? null, undefined, 2));
  };
  const toForm = () => {
    const found = read();
    if (found.problems.length > 0) return;
    if (found.value !== undefined) setDraft(draftOf(field, found.value));
    setJson(undefined);
  };
  return {
    draft,
    setDraft,
    json,
    setJson,
    isJson: json !== undefined,
    problems,
    read,
    toJson,
    toForm,
  };
}

interface ModeSwitchProps {
  readonly isJson: boolean;
  toForm(): void;
  toJson(): void;
}

function ModeSwitch({ isJson, toForm, toJson }: ModeSwitchProps) {
  return (
    <div class="segmented" role="group" aria-label="How to enter the payload">
      <button type="button" aria-pressed={!isJson} onClick={() => isJson && toForm()}>
        Form
      </button>
      <button type="button" aria-pressed={isJson} onClick={() => !isJson && toJson()}>
        JSON
      </button>
    </div>
  );
}

interface JsonPayloadProps {
  readonly text: string;
  readonly isWrong: boolean;
  onChange(text: string): void;
}

function JsonPayload({ text, isWrong, onChange }: JsonPayloadProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>Payload</label>
      <textarea
        id={id}
        class="code"
        rows={10}
        spellcheck={false}
        value={text}
        aria-invalid={isWrong}
        aria-describedby={`${id}-about`}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-about`}>
        JSON; empty for null.
      </p>
    </div>
  );
}

interface ProblemSummaryProps {
  readonly problems: readonly PayloadProblem[];
  readonly isJson: boolean;
}

/** Says how many problems there are, and shows those that have no field. */
function ProblemSummary({ problems, isJson }: ProblemSummaryProps) {
  if (problems.length === 0) return <div role="alert" />;
  const listed = problems.filter(({ pointer }) => isJson || pointer === '');
  return (
    <div class="notice danger" role="alert">
      <p>
        {problems.length === 1
          ? 'One thing is not right yet.'
          : `${problems.length} things are not right yet.`}
      </p>
      {listed.length > 0 && (
        <ul>
          {listed.map(({ pointer, message }) => (
            <li key={pointer}>
              {pointer !== '' && <code>{pointer}</code>} {pointer === '' ? 'It' : ''} {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function focusFirstProblem(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]')?.focus();
}
