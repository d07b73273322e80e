"""The English mails: contract, incident, change requests, invoices."""
from mailbox import Mail
from world import HP

SE = "\n\nEmily Zhang\nInternational account manager, Yuanhang Software\n+86 10-5550-0180\n"


def m(*a, **k):
    k.setdefault("cs", "us-ascii")
    k.setdefault("te", "8bit")
    k.setdefault("agent", "Microsoft Outlook 16.0")
    if a[2] in ("sarah", "tom", "priya"):
        k.setdefault("zone", 1 if "-04-" <= a[1][4:8] <= "-10-" else 0)
    return Mail(*a, **k)


MAILS = [
    m("hp01", "2024-06-05 10:31", "sarah", "emily", "Comments on the draft agreement", """
Dear Emily,

Two points from our lawyers on the draft of MSA-2024-017:

1. Availability: we need 99.5% a month with service credits, not "best effort".
2. No release between 25 November and 6 January. This is our trading freeze.

With these two we can sign on 12 June.

Kind regards,
Sarah Whitfield
Head of Digital, Harbour & Pine""", cc="priya"),
    m("hp02", "2024-06-06 15:12", "emily", "sarah", "Re: Comments on the draft agreement", """
Dear Sarah,

Both accepted. Credits: 5% of the monthly fee below 99.5%, 10% below 99.0%. The freeze is now in the Statement of Work.
From our side the fixed fee stays at USD 186,000.""" + SE, re="hp01", cc="priya chen"),
    m("hp03", "2024-06-14 09:20", "liu", "priya", "Invoice INV-2024-0611", """
Dear Priya,

please find attached invoice INV-2024-0611, USD 74,400.00, first instalment of agreement MSA-2024-017, due 14 July.

Liu Fang
Yuanhang Software""", cc="emily", files=[(HP + "05 Invoices/INV-2024-0611.pdf", "INV-2024-0611.pdf", "utf-8")]),
    m("hp04", "2024-07-11 11:02", "priya", "liu", "Re: Invoice INV-2024-0611", """
Paid today against PO-88213. Please quote the PO number on every invoice, otherwise it waits in our system.

Priya Nair""", re="hp03"),
    m("hp05", "2024-09-30 16:45", "sarah", "emily", "Gift cards (CR-002)", """
Emily,

we decided against CR-002. Ten days of work would land too close to the trading freeze. Please close it as rejected.

Sarah""", cc="tom priya"),
    m("hp06", "2024-12-04 17:10", "emily", "sarah tom", "UAT signed, portal passed acceptance", """
Dear Sarah, dear Tom,

209 of 214 test cases passed, no P1 or P2 defect is open, so the portal passed acceptance today. The certificate is attached.
Five small defects stay open, the last of them until 10 January 2025. Go-live is 20 January 2025 as planned.""" + SE, cc="priya liu", files=[(HP + "04 Acceptance/PROJ-20240612_UATSignOff_20241204_v1.pdf", "PROJ-20240612_UATSignOff_20241204_v1.pdf", "utf-8")]),
    m("hp07", "2025-01-20 12:05", "tom", "emily zhao", "We are live", """
The portal went live at 06:00. 312 orders by noon, no errors. Well done, everybody.

Tom""", cc="sarah"),
    m("inc01", "2025-05-14 19:22", "tom", "emily", "P1: payment page returns errors", """
Urgent. Since 19:05 the payment page returns errors for every card. Please call me: +44 20 5550 4112.

Tom""", cc="sarah"),
    m("inc02", "2025-05-14 22:31", "emily", "tom", "Re: P1: payment page returns errors", """
Tom,

restored at 22:15. The certificate of the payment gateway had expired. We propose to watch all certificates from our side and to raise an alarm 30 days ahead.""" + SE, re="inc01", cc="sarah zhao", zone=1),
    m("inc03", "2025-05-22 09:02", "tom", "emily zhao", "P1: portal down since 08:40", """
High priority: portal not reachable since 08:40. Second P1 this month. Sarah wants a written root cause analysis.

Tom""", cc="sarah"),
    m("inc04", "2025-05-29 10:15", "emily", "sarah tom", "Root cause analysis INC-0519", """
Dear Sarah, dear Tom,

attached is the root cause analysis of INC-0519. In short: release 1.6 used two database connections a request, and the pool of 80 was exhausted in the morning peak.
From now on no release goes out without a load test of 900 orders an hour.
Availability in May will be about 99.31%, so you receive a service credit of 5%, USD 160.00.""" + SE, re="inc03", cc="zhao wang", files=[(HP + "06 Service reports/RCA INC-0519.txt", "RCA INC-0519.txt", "utf-8")]),
    m("inc05", "2025-05-30 08:48", "sarah", "emily", "Re: Root cause analysis INC-0519", """
Thank you, this is clear. Two outages in a month must not happen again; I have to report on it to our board on 26 June.
Let us talk about it in the call on 17 June.

Sarah""", re="inc04", cc="tom"),
    m("inv01", "2025-06-05 09:40", "liu", "priya", "Invoice INV-2025-0605 and service report for May", """
Dear Priya,

attached are invoice INV-2025-0605 (USD 3,040.00 after the service credit of USD 160.00) and the service report for May 2025.

Liu Fang""", cc="emily tom", files=[(HP + "05 Invoices/INV-2025-0605.pdf", "INV-2025-0605.pdf", "utf-8"), (HP + "06 Service reports/Service report 2025-05.xlsx", "Service report 2025-05.xlsx", "utf-8")]),
    m("cc01", "2025-06-10 11:25", "emily", "sarah", "Change request CR-004: click and collect", """
Dear Sarah,

CR-004 is attached: USD 18,600.00, 21 days, pilot in six stores. If you approve it by 24 June, the pilot can start on 15 September 2025.""" + SE, cc="tom priya", files=[(HP + "03 Change requests/CR-004 Click and collect.docx", "CR-004 Click and collect.docx", "utf-8")]),
    m("cc02", "2025-06-12 14:50", "priya", "emily sarah", "Re: Change request CR-004: click and collect", """
The change budget of 2025 is USD 40,000, so there is room. One question: is the pick-up message (SMS) included, or do we pay per message?

Priya""", re="cc01", cc="tom"),
    m("cc03", "2025-06-13 09:05", "emily", "priya sarah", "Re: Change request CR-004: click and collect", """
Messages are paid to your SMS provider directly, we estimate USD 90 a month for the pilot. Everything else is included.""" + SE, re="cc02", cc="tom"),
    m("cc04", "2025-06-24 16:30", "sarah", "emily", "Re: Change request CR-004: click and collect", """
Approved. As we said in the call on 17 June: six stores, 15 September at the latest, and a load test first.

Sarah""", re="cc03", cc="tom priya"),
    m("cc05", "2025-09-15 18:20", "tom", "emily zhao wang", "Click and collect pilot has started", """
All six stores are live since 09:00. 47 reservations, median time to collect 71 minutes. One store (Leith) had a printer problem, solved.

Tom""", re="cc04", cc="sarah"),
    m("lp01", "2025-09-08 10:10", "emily", "sarah", "Change request CR-005: loyalty points", """
Dear Sarah,

here is CR-005, loyalty points, USD 14,200.00, 16 days. The paper stamp card ends in March 2026, so a decision in January is early enough.""" + SE, cc="priya", files=[(HP + "03 Change requests/CR-005 Loyalty points.docx", "CR-005 Loyalty points.docx", "utf-8")]),
    m("lp02", "2025-09-10 13:33", "sarah", "emily", "Re: Change request CR-005: loyalty points", """
Received. We will decide in January with the new budget.
From what I see the scope is right, but please add gift cards as an option; the old CR-002 estimate may be a start.

Sarah – sent from my phone, café wifi""", re="lp01", cc="priya", cs="utf-8", te="qp"),
]
