// The input of one field, by its kind.
import type { ComponentChildren } from 'preact';
import type { Draft } from './form-draft.js';
import { FieldFrame } from './field-frame.js';
import type { ChoiceField, EnumField, FormField, NumberField, TextField } from './form-field.js';
import { ListInput } from './list-input.js';
import { MapInput } from './map-input.js';
import { emptyDraft } from './form-draft.js';

export interface FieldInputProps<F extends FormField = FormField> {
  readonly field: F;
  readonly draft: Draft;
  readonly label: string;
  readonly isRequired: boolean;
  /** Where the value is in the payload (RFC 6901). */
  readonly pointer: string;
  readonly depth: number;
  readonly action?: ComponentChildren;
  onChange(draft: Draft): void;
}

export function FieldInput(props: FieldInputProps) {
  const { field } = props;
  switch (field.kind) {
    case 'text':
      return <TextInput {...props} field={field} />;
    case 'number':
      return <NumberInput {...props} field={field} />;
    case 'boolean':
      return <BooleanInput {...props} />;
    case 'enum':
      return <EnumInput {...props} field={field} />;
    case 'list':
      return <ListInput {...props} field={field} />;
    case 'map':
      return <MapInput {...props} field={field} />;
    case 'choice':
      return <ChoiceInput {...props} field={field} />;
    case 'json':
      return <JsonInput {...props} />;
  }
}

const INPUT_TYPES: Readonly<Record<string, string>> = { date: 'date', email: 'email', uri: 'url' };
/** Longer texts get more than one line. */
const LONG_TEXT = 200;

function TextInput({ field, draft, onChange, ...rest }: FieldInputProps<TextField>) {
  const text = draft.kind === 'text' ? draft.text : '';
  const change = (event: { currentTarget: { value: string } }) =>
    onChange({ kind: 'text', text: event.currentTarget.value });
  const isLong =
    field.format === undefined && field.maxLength > LONG_TEXT && Number.isFinite(field.maxLength);
  return (
    <FieldFrame
      {...rest}
      description={field.description}
      input={(ids) =>
        isLong || text.includes('\n') ? (
          <textarea {...ids} rows={4} value={text} onInput={change} />
        ) : (
          <input
            {...ids}
            type={INPUT_TYPES[field.format ?? ''] ?? 'text'}
            value={text}
            onInput={change}
          />
        )
      }
    />
  );
}

function NumberInput({ field, draft, onChange, ...rest }: FieldInputProps<NumberField>) {
  const text = draft.kind === 'number' ? draft.text : '';
  const range = rangeText(field);
  return (
    <FieldFrame
      {...rest}
      description={[field.description, range].filter((part) => part !== '').join(' ')}
      input={(ids) => (
        <input
          {...ids}
          type="text"
          inputMode={field.isInteger ? 'numeric' : 'decimal'}
          value={text}
          onInput={(event) => onChange({ kind: 'number', text: event.currentTarget.value })}
        />
      )}
    />
  );
}

function rangeText({ isInteger, minimum, maximum }: NumberField): string {
  const kind = isInteger ? 'A whole number' : 'A number';
  if (Number.isFinite(minimum) && Number.isFinite(maximum)) {
    return `${kind} from ${minimum} to ${maximum}.`;
  }
  if (Number.isFinite(minimum)) return `${kind}, at least ${minimum}.`;
  if (Number.isFinite(maximum)) return `${kind}, at most ${maximum}.`;
  return `${kind}.`;
}

function BooleanInput({ field, draft, onChange, ...rest }: FieldInputProps) {
  const value = draft.kind === 'boolean' ? draft.value : undefined;
  return (
    <FieldFrame
      {...rest}
      description={field.description}
      input={(ids) => (
        <select
          {...ids}
          value={String(value ?? '')}
          onChange={(event) => {
            const word = event.currentTarget.value;
            onChange({ kind: 'boolean', value: word === '' ? undefined : word === 'true' });
          }}
        >
          <option value="">{rest.isRequired ? 'Choose\u2026' : 'Not given'}</option>
          <option value="true">Yes (true)</option>
          <option value="false">No (false)</option>
        </select>
      )}
    />
  );
}

function EnumInput({ field, draft, onChange, ...rest }: FieldInputProps<EnumField>) {
  const index = draft.kind === 'enum' ? draft.index : -1;
  return (
    <FieldFrame
      {...rest}
      description={field.description}
      input={(ids) => (
        <select
          {...ids}
          value={String(index)}
          onChange={(event) => onChange({ kind: 'enum', index: Number(event.currentTarget.value) })}
        >
          <option value="-1">{rest.isRequired ? 'Choose\u2026' : 'Not given'}</option>
          {field.values.map((value, i) => (
            <option key={i} value={String(i)}>
              {typeof value === 'string' ? value : JSON.stringify(value)}
            </option>
          ))}
        </select>
      )}
    />
  );
}

function ChoiceInput(props: FieldInputProps<ChoiceField>) {
  const { field, draft, onChange, label, depth, pointer, ...rest } = props;
  const index = draft.kind === 'choice' ? draft.index : 0;
  const inner = draft.kind === 'choice' ? draft.draft : draft;
  return (
    <fieldset class={`group depth-${Math.min(depth, 4)}`}>
      <legend>{label}</legend>
      <FieldFrame
        {...rest}
        pointer={`${pointer}#kind`}
        label={`Kind of ${label.toLowerCase()}`}
        isRequired
        description={field.description}
        input={(ids) => (
          <select
            {...ids}
            value={String(index)}
            onChange={(event) => {
              const chosen = Number(event.currentTarget.value);
              const next = emptyDraft(field.options[chosen]!.field());
              onChange({ kind: 'choice', index: chosen, draft: next });
            }}
          >
            {field.options.map(({ title }, i) => (
              <option key={i} value={String(i)}>
                {title}
              </option>
            ))}
          </select>
        )}
      />
      <FieldInput
        key={index}
        field={field.options[index]!.field()}
        draft={inner}
        label={field.options[index]!.title}
        isRequired={rest.isRequired}
        pointer={pointer}
        depth={depth + 1}
        onChange={(next) => onChange({ kind: 'choice', index, draft: next })}
      />
    </fieldset>
  );
}

function JsonInput({ field, draft, onChange, ...rest }: FieldInputProps) {
  return (
    <FieldFrame
      {...rest}
      isWhole
      description={field.description === '' ? 'As JSON.' : `${field.description} As JSON.`}
      input={(ids) => (
        <textarea
          {...ids}
          class="code"
          rows={4}
          spellcheck={false}
          value={draft.kind === 'json' ? draft.text : ''}
          onInput={(event) => onChange({ kind: 'json', text: event.currentTarget.value })}
        />
      )}
    />
  );
}
