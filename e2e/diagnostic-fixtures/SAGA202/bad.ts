import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('book_trip', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const book = f.inline('book', {
    run: (trip) => trip,
    compensate: {
      run: () => {
        throw new Error('the airline does not answer');
      },
    },
  });
  const pay = f.inline('pay', {
    run: () => {
      throw new Error('the card was declined');
    },
  });
  f.connect(request, book);
  f.connect(book, pay);
});

export const run = { flow, payload: { id: 7 } };
