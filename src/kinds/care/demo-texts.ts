/** What a customer writes and how it usually ends, by the code of the contact reason. */
export interface Scenario {
  readonly ccr: string;
  readonly priority: number;
  readonly says: Readonly<Record<string, string>>;
  readonly resolution: 'NO_ACTION' | 'REFUNDED';
  readonly closing: string;
  /** Why it is too much for the agent. */
  readonly escalation: string;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    ccr: '1A.2',
    priority: 1,
    says: {
      en: 'The rider is at the wrong building. I moved last month.',
      es: 'El repartidor está en otro edificio. Me mudé el mes pasado.',
      de: 'Der Fahrer steht am falschen Haus. Ich bin letzten Monat umgezogen.',
      th: 'ไรเดอร์ไปผิดอาคาร ฉันย้ายบ้านเมื่อเดือนที่แล้ว',
    },
    resolution: 'NO_ACTION',
    closing: 'Rider was told the new address.',
    escalation: 'The customer asks for the old address to be erased.',
  },
  {
    ccr: '1A.3',
    priority: 2,
    says: {
      en: 'The order has been ten minutes away for an hour.',
      es: 'El pedido lleva una hora a diez minutos de aquí.',
      de: 'Die Bestellung ist seit einer Stunde zehn Minuten entfernt.',
      th: 'คำสั่งซื้อขึ้นว่าอีกสิบนาทีมาเป็นชั่วโมงแล้ว',
    },
    resolution: 'NO_ACTION',
    closing: 'Delivered while we were talking.',
    escalation: 'The fourth late order of this customer in two weeks.',
  },
  {
    ccr: '1A.4',
    priority: 1,
    says: {
      en: 'The app says delivered, but nobody was here.',
      es: 'La aplicación dice entregado, pero aquí no ha venido nadie.',
      de: 'Die App sagt geliefert, aber hier war niemand.',
      th: 'แอปขึ้นว่าส่งแล้ว แต่ไม่มีใครมา',
    },
    resolution: 'REFUNDED',
    closing: 'Order paid back in full.',
    escalation: 'Rider insists on having delivered; photo shows another door.',
  },
  {
    ccr: '2A.1',
    priority: 2,
    says: {
      en: 'The drinks are missing from my order.',
      es: 'Faltan las bebidas de mi pedido.',
      de: 'In meiner Bestellung fehlen die Getränke.',
      th: 'เครื่องดื่มขาดจากคำสั่งซื้อ',
    },
    resolution: 'REFUNDED',
    closing: 'Missing items paid back.',
    escalation: 'The shop says that the items were packed.',
  },
  {
    ccr: '2A.3',
    priority: 3,
    says: {
      en: 'Everything was cold when it came.',
      es: 'Todo llegó frío.',
      de: 'Alles kam kalt an.',
      th: 'อาหารเย็นหมดตอนมาถึง',
    },
    resolution: 'REFUNDED',
    closing: 'Half of the price paid back.',
    escalation: 'The customer felt ill afterwards.',
  },
  {
    ccr: '2B.1',
    priority: 1,
    says: {
      en: 'I ordered twice by mistake. Please cancel one of them.',
      es: 'Pedí dos veces sin querer. Cancelen uno, por favor.',
      de: 'Ich habe versehentlich zweimal bestellt. Bitte eine stornieren.',
      th: 'สั่งซ้ำโดยไม่ตั้งใจ ช่วยยกเลิกหนึ่งรายการ',
    },
    resolution: 'NO_ACTION',
    closing: 'Second order cancelled before cooking.',
    escalation: 'The shop wants to be paid for the cancelled order.',
  },
  {
    ccr: '3A.1',
    priority: 3,
    says: {
      en: 'You promised my money back ten days ago.',
      es: 'Me prometieron el reembolso hace diez días.',
      de: 'Vor zehn Tagen wurde mir die Erstattung zugesagt.',
      th: 'สัญญาว่าจะคืนเงินตั้งแต่สิบวันก่อน',
    },
    resolution: 'REFUNDED',
    closing: 'Refund sent again to another card.',
    escalation: 'The bank returned the refund twice.',
  },
  {
    ccr: '3B.1',
    priority: 2,
    says: {
      en: 'My card was charged twice for one order.',
      es: 'Me han cobrado dos veces el mismo pedido.',
      de: 'Meine Karte wurde für eine Bestellung doppelt belastet.',
      th: 'บัตรถูกหักเงินสองครั้งสำหรับคำสั่งซื้อเดียว',
    },
    resolution: 'REFUNDED',
    closing: 'One of the two charges taken back.',
    escalation: 'Payments shows one charge, the bank two.',
  },
];

export const FIRST_NAMES = [
  'Ana',
  'Hugo',
  'Mei',
  'Somchai',
  'Lena',
  'Jonas',
  'Carmen',
  'Arjun',
  'Nok',
  'Iker',
];
export const LAST_NAMES = [
  'Dan',
  'Ruiz',
  'Tan',
  'Srisuk',
  'Vogel',
  'Keller',
  'Ortega',
  'Menon',
  'Chai',
  'Lim',
];

/** Invented agents; each has an e-mail. */
export const AGENTS = ['priya', 'tomas', 'kanya', 'johanna', 'samuel', 'wei', 'noelia'];
