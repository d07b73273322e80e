package papertest

import "guidang/extractors/document"

const signLatin = "[Signed for and on behalf of {a}:\nSignature: {sign1}\nDate: {date.w}\nSigned for and on behalf of {b}:\nSignature: {sign2}\nDate: {date.w}|Signature: {sign1}\t{a}\nSignature: {sign2}\t{b}\nDate: {date.w}]\n"

var english = map[document.Type]form{
	document.TypeContract: {
		names:  []string{"{msa} Development Agreement", "{system} contract", "Services Agreement {a}", "{proj}_Contract_{date.c}_v1"},
		titles: []string{"Software Development Agreement", "Master Services Agreement", "Contract for the supply of the {system}", "Services Agreement"},
		body: "[Agreement no. {msa}|Contract no: {msa}|Agreement number\t{msa}]\nProject PROJ-2024 {system}\n[Customer: {a}\nSupplier: {b}|Client\t{a}\nContractor\t{b}|This agreement is made on {date.w} between {a} (the \"Customer\") and {b} (the \"Supplier\").]\n[Date of agreement: {date.w}|Agreement date: {date.w}|Signed on: {date.w}]\n" +
			"# [1. Scope|1. Services|Article 1 Work]\nThe Supplier builds, tests and delivers the {system} as described in Schedule A.\n# [2. Price|2. Fees and payment|Article 2 Charges]\n[The fixed fee is {amount.w}, payable in three instalments.|Contract price: {amount.w}|The total price of the work is {amount.w}.]\n# 3. Delivery\n[Delivery date: {due.w}|Completion date: {due.w}]\n" +
			"# [4. Liability|4. Limits]\nNeither party is liable for indirect loss.\n# [5. Law|5. General]\n[This agreement is governed by the laws of England.|Changes need the written consent of both parties.]\n" + signLatin,
		fields: []string{"contract_number=msa", "party_a=a", "party_b=b", "amount", "signed_on=date", "due_on=due", "signed=signed"},
	},
	document.TypeSupplement: {
		names:  []string{"Addendum 1 to {msa}", "{msa} Amendment", "Contract amendment {date.c}", "Supplementary agreement {a}"},
		titles: []string{"Amendment No. 1", "Addendum to the Services Agreement", "First Amendment to Agreement {msa}", "Supplemental Agreement"},
		body: "Amendment no. {msa}-A1\n[Original agreement: {msa}|Original contract no: {msa}]\n[Customer: {a}\nSupplier: {b}|Client\t{a}\nContractor\t{b}]\n[Date of agreement: {date.w}|Date signed: {date.w}]\nThe parties wish to change the agreement named above as follows.\n# [1. Changes|1. Additional work]\nA module for gift cards is added to the {system}.\n# [2. Fee|2. Price]\n[Additional fee: {amount.w}|The additional charge is {amount.w}.]\n" +
			"# 3. [Effect|Everything else]\n[All other terms of the agreement remain unchanged.|Except as amended here, the agreement stays in force.]\n" + signLatin,
		fields: []string{"original_contract=msa", "party_a=a", "party_b=b", "amount", "signed_on=date", "signed=signed"},
	},
	document.TypeMaintenance: {
		names:  []string{"Maintenance agreement {a}", "{system} support contract", "SLA {a} {date.c}", "Support and maintenance {msa}"},
		titles: []string{"Software Maintenance Agreement", "Support and Maintenance Agreement", "Service Level Agreement", "Annual Support Contract"},
		body: "[Agreement no. {msa}|Contract no: {msa}]\n[Customer: {a}\nSupplier: {b}|Client\t{a}\nService provider\t{b}]\n[Agreement date: {date.w}|Signature date: {date.w}]\n# [1. Services|1. What is covered]\nThe Supplier corrects faults in the {system} and answers questions of its users.\n# [2. Term|2. Duration]\n[Service period: {start.w} to {end.w}|Support period: from {start.w} until {end.w}]\n[It renews automatically for a further year unless cancelled.|The term is extended by one year unless either party gives notice.]\n" +
			"# [3. Fee|3. Charges]\n[Annual fee: {amount.w}|The annual charge is {amount.w}.|Support fee: {amount.w}]\n# [4. Response|4. How fast]\nWhen the system is down we react within two hours, otherwise on the next working day.\n" + signLatin,
		fields: []string{"contract_number=msa", "party_a=a", "party_b=b", "amount", "signed_on=date", "starts_on=start", "ends_on=end", "renews_on=renew", "signed=signed"},
	},
	document.TypeQuotation: {
		names:  []string{"Quotation {q}", "{system} quote for {a}", "Price offer {date.c}", "{q}"},
		titles: []string{"Quotation {q}", "Quote", "Commercial proposal: {system}", "Price quotation"},
		body:   "[Quotation no: {q}|Quote no. {q}|Quote number\t{q}]\n[Prepared for: {a}|Customer: {a}]\n[Supplier: {b}|Vendor: {b}]\n[Quotation date: {date.w}|Date: {date.w}]\n[Valid until: {valid.w}|This quotation is valid for 30 days.|Valid until {valid.w}]\nItem\tQuantity\tUnit price\tAmount\nOrder entry\t40 days\t800.00\t32,000.00\nReports\t10 days\t800.00\t8,000.00\n[Total: {amount.w}|Grand total\t\t\t{plain}|Total price: {amount.w}]\n<All prices exclude VAT.\n>",
		fields: []string{"number=q", "party_a=a", "party_b=b", "amount", "date", "valid_until=valid"},
	},
	document.TypeSurvey: {
		names:  []string{"User survey {date.c}", "Interview notes {who2}", "Satisfaction questionnaire", "{a} site survey"},
		titles: []string{"User survey: {system}", "Interview with {who2}", "Customer satisfaction questionnaire", "Findings of the user interviews"},
		body:   "[Interview date: {date.w}|Survey date: {date.w}|Date: {date.w}]\n[Interviewee: {who2}, warehouse lead|Respondents: 42 of 60 users]\n# [Today|How it works now]\nOrders come by mail and are typed in by hand; errors show up at the end of the month.\n# [Pain points|What people told us]\n[Several interviewees said that scanning takes too long at noon.|How satisfied are you with the speed? Please rate from 1 to 5.]\n# [Wishes|What we learnt]\nA list of open orders on the phone would help most.\n",
		fields: []string{"date"},
	},
	document.TypeRequirements: {
		names:  []string{"{proj}_SRS_{date.c}_v2", "{system} requirements", "Functional specification {system}", "PRD {system}"},
		titles: []string{"{system}: Software Requirements Specification", "Business requirements", "Functional Specification", "Product requirements: {system}"},
		body:   "<Project no: {proj}\n>Author {who}\n# [1. Introduction|1. Purpose]\nThis document says what the {system} has to do and for whom.\n# [2. Users|2. Overall description]\nClerks enter orders, managers approve them, accountants invoice.\n# [3. Functional requirements|3. What it does]\nR1 The system shall check the credit limit of a customer when an order is entered.\nR2 Orders above 50,000 need the approval of a manager.\nR3 As a clerk I want to search by date and state so that I find an order within seconds.\n# [4. Non-functional requirements|4. Quality]\n200 concurrent users, two seconds, daily backup.\n",
	},
	document.TypeDesign: {
		names:  []string{"{system} architecture", "Detailed design v0.5", "{proj}_Design_{date.c}_v1", "{system} HLD"},
		titles: []string{"{system}: architecture", "Design Document", "High-level design of the {system}", "Technical design"},
		body:   "# [1. Goals|1. Context]\nIt must be possible to replace the payment provider without touching orders.\n# [2. Components|2. Architecture]\n[A gateway, three services and a queue between them; each service owns its data.|The web layer is stateless, sessions live in the cache.]\n# [3. Module design|3. Order service]\nStock is reserved when an order is placed and released by a timer.\n# [4. Decisions|4. Trade-offs]\nWe chose a queue over direct calls because the ERP is down every night.\n",
	},
	document.TypeInterface: {
		names:  []string{"{system} API", "Interface specification ERP", "API documentation v3", "{system} integration spec"},
		titles: []string{"{system} API reference", "Interface Specification", "API documentation", "Integration specification: {system} and ERP"},
		body:   "# [1. Conventions|General]\nJSON over HTTPS, UTF-8, tokens in the header.\n# [2. Endpoints|Orders]\nGET /orders/{n}\n[Query parameters|Request parameters]\npage\tinteger\toptional\nsince\tdate\toptional\n[Response|Response body]\nid\tstring\nstate\tstring: open, shipped, closed\n# [3. Errors|Error codes]\n401 token missing\n404 no such order\n",
	},
	document.TypeDatabase: {
		names:  []string{"{system} database design", "Data dictionary {date.c}", "DB schema", "{system} data model"},
		titles: []string{"Database design of the {system}", "Data dictionary", "{system}: tables", "Data model"},
		body:   "# [1. General|Overview]\nPostgreSQL 15, one schema.\n# [2. Tables|Table orders]\n[Column name\tData type\tNullable\tMeaning|Field\tType\tKey\tDescription|Column\tType\tNull\tDefault]\nid\tbigint\tno\tprimary key\norder_no\tvarchar(32)\tno\tunique\nplaced_at\ttimestamp\tno\t\n# [3. Indexes|Relations]\norders.customer_id refers to customers.id.\n",
	},
	document.TypeTestCases: {
		names:  []string{"{system} test cases", "UAT scripts {date.c}", "Regression test suite", "Test scenarios v2"},
		titles: []string{"{system}: test cases", "Test Case Specification", "UAT test scripts", "Test scenarios"},
		body:   "[Test case id\tTitle\tPrecondition\tTest steps\tExpected result|Case ID\tSteps\tExpected results\tStatus|ID\tScenario\tSteps\tExpected result\tActual]\nTC-1\tLog in\tAccount exists\tEnter name and password, press log in\tThe start page opens\nTC-2\tWrong password\tAccount exists\tEnter a wrong password\tA message says so\nTC-3\tLarge export\t60,000 orders\tPress export\tTwo files are written\n",
	},
	document.TypeTestReport: {
		names:  []string{"{system} test report", "Test summary {date.c}", "Load test results", "{proj}_TestReport_{date.c}_v1"},
		titles: []string{"Test report: {system}", "Test Summary Report", "Performance test report", "Results of the second test round"},
		body:   "[Test date: {date.w}|Report date: {date.w}]\nTest lead: {who}\n# [1. Scope|1. Summary]\nOrders, stock and reports were tested on two virtual machines.\n# [2. Results|2. Test results]\n[214 test cases were run, 209 passed, 5 failed.|With 200 users the average response took 1.2 s; no request failed.|The pass rate was 96%.]\n# [3. Defects|3. Open points]\nNo critical defect is open, five minor ones are.\n# [4. Conclusion|4. Verdict]\n[The release is ready for acceptance.|We recommend to go live after the two fixes.]\n",
		fields: []string{"date"},
	},
	document.TypeDefects: {
		names:  []string{"Defect list {date.c}", "{system} open issues", "Bug list", "Known defects"},
		titles: []string{"Defect log: {system}", "Issue list", "Bugs found in round 2", "Open defects"},
		body:   "[Defect id\tSummary\tSeverity\tStatus\tAssigned to|ID\tIssue\tPriority\tReported by\tFixed in|Bug ID\tDescription\tSeverity\tState]\nHP-101\tExport runs out of memory\tcritical\tfixed\t{who}\nHP-102\tAmount shows one digit too many\tminor\topen\t{who2}\nHP-103\tFilter is lost on the next page\ttrivial\tclosed\t{who2}\n",
	},
	document.TypeDeployment: {
		names:  []string{"{system} deployment plan", "Release plan {date.c}", "Runbook {system}", "Cutover and rollback plan"},
		titles: []string{"Deployment plan: {system}", "Go-live plan", "Installation guide", "Release runbook {date.c}"},
		body:   "<Release window: {date.w} 22:00 to 02:00\n># [1. Before|1. Prerequisites]\nTwo application servers and one database server are ready; the backup has been tried.\n# [2. Steps|2. Deployment steps]\nStop the old service, back up the database, unpack the release, run the migration, start and read the log.\n# [3. Rollback|3. If it fails]\n[If it is not up after thirty minutes, restore the backup and start the old release.|Switch the traffic back; {who} tells the customer.]\n",
	},
	document.TypeManual: {
		names:  []string{"{system} user manual", "User guide v2", "Administrator guide {system}", "{system} quick start"},
		titles: []string{"{system}: User Manual", "User guide", "Administrator's handbook", "{system} quick start guide"},
		body:   "# [1. Logging in|1. Getting started]\nOpen the address in a browser, type your name and password and click on Log in.\n# [2. Orders|2. Daily work]\nChoose Orders, New, fill in the customer and press Save. To change an order select its line and click Edit.\n# [3. Reports|3. Printing]\nChoose the days, press Search, then the printer sign.\n# [4. Troubleshooting|4. Questions]\nIf your session has ended, log in again.\n",
	},
	document.TypeTraining: {
		names:  []string{"{system} training", "Training slides {date.c}", "Training plan {a}", "{system} course material"},
		titles: []string{"{system} user training", "Training plan", "Course: working with the {system}", "Training workbook"},
		body:   "[Training date: {date.w}|Date: {date.w}]\n[Trainer: {who}|Your trainer is {who}]\n[Target audience: clerks and team leads|For: everybody in the warehouse]\n# [Schedule|Course outline]\nTheory in the morning, practice in the afternoon.\n# [Exercise 1|Exercises]\nEnter a delivery and correct it. Your neighbour checks it.\n# [At the end|Learning objectives]\nParticipants can enter, correct and find an order without help.\n",
		fields: []string{"date"},
	},
	document.TypeAcceptance: {
		names:  []string{"{proj}_AcceptanceReport_{date.c}_v1", "{system} acceptance certificate", "UAT sign-off {date.c}", "Acceptance {a}"},
		titles: []string{"User acceptance certificate", "Acceptance report: {system}", "Certificate of completion", "UAT sign-off"},
		body:   "[Agreement: {msa}|Contract no: {msa}|Agreement\t{msa}]\n[Project no: {proj}|Project\t{proj} {system}]\n[Customer: {a}\nSupplier: {b}|Client\t{a}\nContractor\t{b}]\n[Acceptance date: {date.w}|Date of acceptance: {date.w}|Date: {date.w}]\n# [1. What was delivered|1. Items]\nPortal, reports, manuals.\n# [2. Acceptance result|2. Outcome|Decision]\n[The delivery is accepted.|The portal passed acceptance.|The customer accepts the delivery without reservation.]\n" + signLatin,
		fields: []string{"contract_number=msa", "project_number=proj", "party_a=a", "party_b=b", "date", "result=passed", "signed=signed"},
	},
	document.TypeMinutes: {
		names:  []string{"Minutes {date.c} kick-off", "{system} weekly meeting notes", "{proj}_MeetingMinutes_{date.c}_v1", "Meeting minutes"},
		titles: []string{"Minutes of the kick-off meeting", "Weekly meeting: minutes", "Meeting notes {system}", "Minutes of meeting"},
		body:   "[Date: {date.w}|Meeting date: {date.w}|Date and time: {date.w} 10:00]\n[Place: room 3|Location: online]\n[Attendees: {who}, {who2}, {who3}|Present: {who}, {who2}]\n<Minutes taken by: {who2}\n># [1. Topics|Discussion]\nDelivery of the test system; how accounts are compared.\n# [2. Decisions|What was agreed]\n[It was agreed that search goes live first and export two weeks later.|The export moves to the next release.]\n# [3. Action items|To do]\n{who2} sends the list of interfaces by Friday; {who3} orders the server.\n",
		fields: []string{"date"},
	},
	document.TypeChange: {
		names:  []string{"{cr} change request", "Change request {date.c}", "{system} scope change", "{cr}"},
		titles: []string{"Change request {cr}", "Request for change", "Change order {cr}", "Scope change: {system}"},
		body:   "[Change request\t{cr}\nProject\t{proj}\nDate\t{date.w}\nRequested by\t{who}|Change no: {cr}\nProject no: {proj}\nDate raised: {date.w}\nRaised by: {who}|Change ID: {cr}\nProject: {proj}\nRequest date: {date.w}\nRequested by: {who}]\n# [Reason|Reason for change|1. Justification]\n{reason}\n# [Change|Description of change]\nA monthly export is added to the {system}.\n# [Impact|Impact analysis|2. Impact]\n{impact}\n# [Cost|3. Price]\n[Cost: {amount.w}|Additional fee: {amount.w}]\n# [Approval|4. Approval]\n[Approved by: {who2}|Approver: {who2}]\n",
		fields: []string{"number=cr", "project_number=proj", "requester=who", "date", "reason", "impact", "amount", "approver=who2"},
	},
	document.TypeServiceRecord: {
		names:  []string{"Service report {date.c}", "RCA {date.c}", "{a} incident report", "Maintenance log {n}"},
		titles: []string{"Service report", "Root cause analysis", "Incident report: {system} down", "Field service report"},
		body:   "Ticket no: SVC-{n}0\nCustomer: {a}\n[Service date: {date.w}|Date of visit: {date.w}|Date: {date.w}]\nEngineer: {who}\n# [Symptoms|What happened]\nFrom nine o'clock the order page did not open.\n# [Work performed|Timeline]\nThe disk was full; logs were removed and the service was started again.\n# [Resolution|Result]\n[Service was restored at 10:20 and the customer confirmed.|All checks are green; a larger disk is advised.]\n",
		fields: []string{"party_a=a", "date"},
	},
	document.TypeComplaint: {
		names:  []string{"Complaint {a}", "Customer complaint {date.c}", "Letter of complaint", "{a} is angry"},
		titles: []string{"Customer complaint", "Formal complaint about the {system}", "Complaint form", "Letter of complaint"},
		body:   "[Complainant: {a}|Customer: {a}]\n[Date of complaint: {date.w}|Date: {date.w}]\n# [Details|Complaint details|What went wrong]\n[The system was down three times last month and nobody called back. This is unacceptable.|We have reported wrong exports again and again and are very dissatisfied with the answers.]\n# [Desired outcome|What we ask for]\n[A written explanation within five working days.|We demand another contact person and a refund of this quarter's fee.]\n",
		fields: []string{"party_a=a", "date"},
	},
	document.TypeInvoice: {
		names:  []string{"Invoice {inv}", "{inv}", "Invoice {a} {date.c}", "Tax invoice {inv}"},
		titles: []string{"Invoice {inv}", "Tax invoice", "Invoice"},
		body:   "[Invoice no: {inv}|Invoice number\t{inv}|Invoice no. {inv}]\n[Invoice date: {date.w}|Date of issue: {date.w}]\n[Due date: {due.w}|Payment due: {due.w}]\n[Bill to: {a}|Invoice to: {a}]\nSupplier: {b}\nDescription\tAmount\n{system}, second instalment\t{plain}\n[Total due: {amount.w}|Amount due: {amount.w}|Total: {amount.w}]\n<Please pay by bank transfer within thirty days.\n>",
		fields: []string{"number=inv", "party_a=a", "party_b=b", "amount", "date", "due_on=due"},
	},
	document.TypeLetter: {
		names:  []string{"Notice to all offices {date.c}", "Official letter {a}", "Circular {n}", "Notice of change"},
		titles: []string{"Official notice", "Circular to all branches", "Notice: new address of the {system}", "Memorandum"},
		body:   "[Our ref: AV/{n}\n|]To: [all heads of department|{a}]\n[Subject: {system}\n|]You are hereby notified that the {system} becomes the only way to place orders.\nEach office names one person who answers for it. This is to inform you in good time.\n[Yours faithfully|Yours sincerely],\n{who}\n{date.w}\n",
		fields: []string{"date"},
	},
	document.TypeOther: {
		names:  []string{"Weekly report {date.c}", "Travel policy", "CV {who}", "Project plan {system}", "README", "Contact list"},
		titles: []string{"Weekly status report", "Travel expenses policy", "Curriculum vitae", "Project plan", "Lunch menu", "Newsletter"},
		body:   "[Done this week: login page, three fixes. Next week: reports.|Hotels up to 150 a night; taxis with a receipt only.|Studied computer science, then worked as a programmer and team lead.|Monday soup, Tuesday fish, Wednesday pasta.|Phase 1 March kick-off; phase 2 June build.]\n",
	},
}
