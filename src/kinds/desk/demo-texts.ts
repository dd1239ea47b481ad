/** What a customer of a web shop writes, and what agents answer. `{order}` stands for an order's number. */
export interface Scenario {
  readonly title: string;
  /** The number of a group. */
  readonly group: string;
  readonly tags: readonly string[];
  /** 1 is urgent. */
  readonly priority: number;
  readonly opening: string;
  readonly note: string;
  readonly question: string;
  readonly reply: string;
  readonly answer: string;
  /** Why it has to wait for somebody else. */
  readonly waiting: string;
  readonly thanks: string;
}

export const BRANDS = ['Northwind Outdoor', 'Casa Verde', 'Lumen Books'] as const;
export const GROUPS = ['First line', 'Delivery', 'Returns and refunds', 'Payments'] as const;

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'Where is my order {order}?',
    group: '2',
    tags: ['delivery', 'delay'],
    priority: 3,
    opening:
      'Hello, my order {order} should have come on Tuesday. The tracking page has not moved for four days. Can you find out where it is?',
    note: 'Carrier shows the parcel in the Zaragoza depot since Monday.',
    question: 'Thank you for writing. Could you confirm the delivery address, with the floor and the door?',
    reply: 'The address is right: Calle Mayor 14, third floor, left.',
    answer: 'The carrier has found the parcel. It is out for delivery and comes before 18:00 today.',
    waiting: 'Search request opened with the carrier; they answer within two working days.',
    thanks: 'It has come just now. Thank you!',
  },
  {
    title: 'Wrong size in order {order}',
    group: '3',
    tags: ['return', 'exchange'],
    priority: 3,
    opening:
      'I ordered the walking boots in 42 and received 40. I would like to exchange them, order {order}.',
    note: 'Picking error: the neighbouring shelf has the same model in 40.',
    question:
      'We are sorry. Shall we collect the wrong pair at your address, or do you prefer a drop-off point?',
    reply: 'Please collect them on a weekday after five.',
    answer: 'The right pair is on its way, and the courier takes the other one along.',
    waiting: 'Size 42 is back in stock on Thursday.',
    thanks: 'They fit. Many thanks for the quick exchange.',
  },
  {
    title: 'Charged twice for {order}',
    group: '4',
    tags: ['payment', 'refund'],
    priority: 2,
    opening:
      'My bank shows two charges for order {order}, both of the same amount. Please give one of them back.',
    note: 'The second one is an authorisation that was not captured; it lapses by itself.',
    question: 'Can you tell us the last four digits of the card, and the dates of both charges?',
    reply: 'It ends in 4417, both are of the ninth.',
    answer: 'The second charge was only reserved. We have released it; your bank shows it within three days.',
    waiting: 'Asked the payment provider for the release code.',
    thanks: 'The money is back. Good work.',
  },
  {
    title: 'Parcel arrived damaged',
    group: '3',
    tags: ['damage', 'return'],
    priority: 2,
    opening: 'The box of order {order} was open and the lamp inside is broken. I have kept everything.',
    note: 'Third damaged parcel on this route within a month; told the carrier.',
    question: 'Would you send us a photo of the box and of the label?',
    reply: 'Here they are. One can see the wheel marks on the box.',
    answer: 'A new lamp leaves our warehouse today. You need not send the broken one back.',
    waiting: 'Claim filed; the carrier decides by Friday.',
    thanks: 'The new one is fine. Thank you.',
  },
  {
    title: 'I cannot sign in',
    group: '1',
    tags: ['account'],
    priority: 3,
    opening: 'The shop says that my password is wrong, and the message to set a new one never comes.',
    note: 'The address has a typing error in the account: gmial.com.',
    question: 'Which address did you use when you made the account?',
    reply: 'The same that I write from.',
    answer:
      'The address in your account had a typing error. It is corrected, and the message is in your inbox now.',
    waiting: 'Mail team looks at the bounces of this morning.',
    thanks: 'I am in again.',
  },
  {
    title: 'Invoice with our tax number',
    group: '4',
    tags: ['invoice'],
    priority: 4,
    opening: 'We need an invoice for order {order} in the name of our company, with the tax number.',
    note: 'Customer is a company; changed the account type.',
    question: 'Please send us the full name of the company, its tax number and its address.',
    reply: 'Talleres Ebro SL, B50123456, Calle del Puerto 3, Zaragoza.',
    answer: 'The invoice is attached to the order in your account.',
    waiting: 'Accounting closes the month; corrected invoices go out on the second.',
    thanks: 'Received, thank you.',
  },
  {
    title: 'Cancel order {order}',
    group: '1',
    tags: ['cancellation'],
    priority: 2,
    opening: 'I ordered the wrong tent. Please cancel {order} before it is sent.',
    note: 'Order is in the packing queue; told the warehouse by phone.',
    question: 'We can still stop it. Do you want your money back, or another tent instead?',
    reply: 'The money back, please.',
    answer: 'The order is cancelled. The refund reaches your account within five days.',
    waiting: 'Warehouse has to take the parcel from the pallet.',
    thanks: 'That was fast, thank you.',
  },
  {
    title: 'Is the blue one coming back?',
    group: '1',
    tags: ['stock', 'question'],
    priority: 4,
    opening: 'The blue rucksack of 30 litres is sold out. Do you know when there will be more?',
    note: 'Purchase order 8841, due in three weeks.',
    question: 'Would the 35 litre one do as well? It is here in blue.',
    reply: 'No, I need the smaller one for the plane.',
    answer: 'New ones come in three weeks. We have put you on the list and write as soon as they are here.',
    waiting: 'Asked the supplier for the date.',
    thanks: 'Perfect, I wait.',
  },
  {
    title: 'Refund for {order} is missing',
    group: '3',
    tags: ['refund'],
    priority: 2,
    opening: 'I sent order {order} back two weeks ago and have the receipt, but there is no refund yet.',
    note: 'Parcel is in the returns hall, not yet scanned.',
    question: 'Could you send us the number on the receipt of the parcel shop?',
    reply: 'It is 00340434161094015902.',
    answer: 'We have found your parcel and refunded the whole amount today.',
    waiting: 'Returns hall counts the backlog of the sale.',
    thanks: 'It is on my account. Thanks.',
  },
  {
    title: 'The shop does not load',
    group: '1',
    tags: ['website', 'outage'],
    priority: 1,
    opening: 'Since this morning the check-out shows an empty page. I have tried two browsers.',
    note: 'Confirmed: the payment widget fails in the Spanish shop.',
    question: 'Which browser is it, and does it say anything in the address bar?',
    reply: 'Firefox 131, and the address ends in /checkout/undefined.',
    answer: 'The fault is found and repaired. The check-out works again; please excuse the trouble.',
    waiting: 'Web team rolls back the release of last night.',
    thanks: 'Works again.',
  },
];

export const FIRST_NAMES = [
  ...['Ana', 'Bruno', 'Carla', 'Diego', 'Elena', 'Fermín', 'Gloria', 'Hugo', 'Inés', 'Javier'],
  ...['Karin', 'Liam', 'Maren', 'Niamh', 'Oskar', 'Paula', 'Quim', 'Rosa', 'Sven', 'Teresa'],
] as const;

export const SURNAMES = [
  ...['Ruiz', 'Lindqvist', 'Moreno', 'Ferrer', 'Byrne', 'Vidal', 'Schäfer', 'Ortega', 'Novak', 'Salas'],
  ...['Iturbe', 'Marsh'],
] as const;
