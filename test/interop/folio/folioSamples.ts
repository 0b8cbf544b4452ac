// Accounts from the tests of FOLIO's own modules, with the fields that an import reads.

/** mod-patron 39d8cebc, src/test/resources/PatronServicesResourceImpl/accounts_all_active.json: four share one id. */
export const modPatron = [
  [100, 100, 'no item', '749cf599-3a33-474e-8fa4-268a5b66fddf', '2018-01-30T00:00:01Z'],
  [100, 50, 'damage - rebinding', '749bf599-3a31-494e-9fa4-268a5b67fdde', '2018-01-31T00:00:01Z'],
  [25, 25, 'overdue', '749bf599-3a31-494e-9fa4-268a5b67fdde', '2018-04-30T00:00:01Z'],
  [10, 5, 'overdue', '749bf599-3a31-494e-9fa4-268a5b67fdde', '2018-05-31T00:00:01Z'],
  [500, 75, 'damage - camera', '749bf599-3a31-494e-9fa4-268a5b67fdde', '2018-06-01T00:00:01Z'],
].map(([amount, remaining, feeFineType, id, createdDate]) => ({
  amount,
  remaining,
  status: { name: 'Open' },
  paymentStatus: { name: amount === remaining ? 'Unpaid' : 'Paid Partially' },
  metadata: { createdDate, updatedDate: createdDate },
  feeFineType,
  feeFineOwner: 'Main library Ciculation Desk',
  userId: '1ec54964-70f0-44cc-bd19-2a892ea0d336',
  id,
}));

/** edge-sip2 4cf7bd8a, src/test/resources/json/account_multiple_with_feefines_request_response.json. */
export const edgeSip2 = [
  [1, 1, 'Overdue fine', 'e62cac18-e677-41c3-a6fb-b7cfe8ad9a46'],
  [12, 5.5, 'Replacement processing fee', '406d20c7-d5a9-4642-866f-7f9285738f8a'],
  [100, 65.66, 'Overdue fine', '88a6def8-c024-46f2-9bb1-d7051a49bbc2'],
].map(([amount, remaining, feeFineType, id]) => ({
  amount,
  remaining,
  status: { name: 'Open' },
  paymentStatus: { name: 'Outstanding' },
  feeFineType,
  feeFineOwner: 'Test',
  callNumber: '',
  metadata: { createdDate: '2022-09-19T11:26:22.857+00:00', updatedDate: '2022-09-19T11:26:22.857+00:00' },
  userId: '2205005b-ca51-4a04-87fd-938eefa8f6de',
  id,
  contributors: [],
}));

/** mod-ncip c0b199b2, src/test/resources/mockdata/accounts-get.json: a zone without a colon, a loan id of 0. */
export const modNcip = {
  amount: 2.5,
  remaining: 2.5,
  status: { name: 'Open' },
  feeFineType: 'LOST',
  feeFineOwner: 'LIBRARY',
  title: 'TEST ONE',
  barcode: 'LEH-20191003227',
  location: 'PALCI Shelf',
  metadata: { createdDate: '2019-10-08T18:10:33.171+0000', updatedDate: '2019-10-08T18:10:33.171+0000' },
  loanId: '0',
  userId: '3eca41e7-c93b-47fa-a975-1fa77966a6af',
  itemId: '1c9b504b-4cc5-43c9-9035-fad3f8720ffd',
  id: 'b90c1144-49ef-4498-9d3d-b1be7369f344',
};
