// Sorts a table by the column whose heading is clicked: figures by value, words by alphabet.
for (const table of document.querySelectorAll('table.sortable')) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    heading.classList.add('sorts');
    heading.tabIndex = 0;
    const sort = () => {
      const up = heading.getAttribute('aria-sort') === 'descending';
      const value = row => {
        const cell = row.cells[column];
        return cell?.dataset.value === undefined ? cell?.textContent ?? '' : Number(cell.dataset.value);
      };
      const order = (one, other) => {
        const [a, b] = [value(one), value(other)];
        if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
        const compared = typeof a === 'number' ? a - b : a.localeCompare(b);
        return up ? compared : -compared;
      };
      table.tBodies[0].append(...[...table.tBodies[0].rows].sort(order));
      headings.forEach(each => each.removeAttribute('aria-sort'));
      heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    };
    heading.addEventListener('click', sort);
    heading.addEventListener('keydown', event => { if (event.key === 'Enter') sort(); });
  });
}
