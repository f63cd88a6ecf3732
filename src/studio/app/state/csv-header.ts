/** The names of the columns of a CSV file, to choose the label from; all else about the file is the engine's to say. */

/** Names are in the first line: no file of data has a longer one. */
const most = 64 * 1024;

export function headerOf(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(bytes.subarray(0, most));
  const names: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] ?? '';
    if (quoted && letter === '"' && text[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === '\n' || letter === '\r')) break;
    else if (!quoted && letter === ',') {
      names.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  names.push(cell.trim());
  return names.filter((name) => name !== '');
}
