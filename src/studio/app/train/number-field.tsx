/** A field for a number, with its name; takes a value when it is one within its bounds. */

interface NumberFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: number | undefined;
  /** Shown where there is no value. */
  readonly usual?: number;
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
  /** Shown instead of a value, where there may be none. */
  readonly none?: string;
  readonly onChange: (value: number) => void;
  readonly onNone?: () => void;
}

export function NumberField(props: NumberFieldProps) {
  const { label, hint, value, usual, least, most, whole = false, none } = props;
  const shown = value ?? usual;
  const take = (input: HTMLInputElement): void => {
    if (input.value.trim() === '' && props.onNone !== undefined) {
      props.onNone();
      return;
    }
    const number = input.valueAsNumber;
    if (number >= least && number <= most && (!whole || Number.isInteger(number))) props.onChange(number);
    else input.value = shown === undefined ? '' : String(shown);
  };
  return (
    <label class="field number" title={hint}>
      <span>{label}</span>
      <input
        type="number"
        value={shown ?? ''}
        placeholder={none}
        min={least}
        max={most}
        step={whole ? 1 : 'any'}
        onChange={(event) => take(event.currentTarget)}
      />
    </label>
  );
}
