// A list of fields that grows and shrinks.
import { FieldInput, type FieldInputProps } from './field-input.js';
import { useProblem } from './field-frame.js';
import { emptyDraft, type Draft } from './form-draft.js';
import type { ListField } from './form-field.js';

export function ListInput(props: FieldInputProps<ListField>) {
  const { field, draft, label, isRequired, pointer, depth, onChange, action } = props;
  const items = draft.kind === 'list' ? draft.items : [];
  const problem = useProblem(pointer);
  const item = field.item();
  const change = (next: readonly Draft[]) => onChange({ kind: 'list', items: next });
  const name = (i: number) => `${singular(label)} ${i + 1}`;
  return (
    <fieldset class={`group depth-${Math.min(depth, 4)}`}>
      <legend>
        {label}
        {!isRequired && <span class="optional"> optional</span>}
      </legend>
      {action}
      {field.description !== '' && <p class="hint">{field.description}</p>}
      {items.map((one, i) => (
        <div class="list-item" key={i}>
          <FieldInput
            field={item}
            draft={one}
            label={name(i)}
            isRequired
            pointer={`${pointer}/${i}`}
            depth={depth + 1}
            onChange={(next) => change(items.map((other, j) => (j === i ? next : other)))}
          />
          <button
            type="button"
            class="button small"
            aria-label={`Remove ${name(i)}`}
            onClick={() => change(items.filter((_, j) => j !== i))}
          >
            Remove
          </button>
        </div>
      ))}
      {items.length === 0 && <p class="hint">No items.</p>}
      {problem !== undefined && (
        <p class="field-problem" tabIndex={-1} data-invalid>
          {label} {problem}.
        </p>
      )}
      <button
        type="button"
        class="button small"
        disabled={items.length >= field.maxItems}
        onClick={() => change([...items, emptyDraft(item)])}
      >
        Add {singular(label).toLowerCase()}
      </button>
    </fieldset>
  );
}

function singular(label: string): string {
  return /[^s]s$/.test(label) ? label.slice(0, -1) : label;
}
