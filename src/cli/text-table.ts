/** Tables for the terminal: columns as wide as their widest cell. */

/** Lines of a table; the first `left` columns are aligned to the left, the others to the right. */
export function textTable(rows: readonly (readonly string[])[], left: number): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    widths
      .map((width, column) =>
        column < left ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width),
      )
      .join('   ')
      .trimEnd(),
  );
}
