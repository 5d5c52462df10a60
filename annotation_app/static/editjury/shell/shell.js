// Small behaviour of every page: confirmation before loss.

// On the document, so that forms which htmx puts into the page later ask too.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
