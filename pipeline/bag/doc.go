// Package bag writes and checks archive packages: one zip file that holds all
// that is kept for a project and explains itself without Guidang.
//
// The outside is BagIt (RFC 8493) with SHA-256 manifests, so that any archive's
// tools can check it too. Within:
//
//	NUMBER/
//	  bagit.txt bag-info.txt manifest-sha256.txt tagmanifest-sha256.txt
//	  data/
//	    index.html                what is there, in any browser, without a network
//	    originals/TYPE/0001_….docx
//	    texts/0001.txt            what was read out of each
//	    minutes/0007.md, .json
//	    metadata/files.csv, files.xml, project.json
//	    account.csv               the ledger's account of every item
//	    report.html, report.json  the four checks (真实性 完整性 可用性 安全性)
//
// Read writer.go (BagIt), pack.go (what a project's package holds), then
// verify.go, which needs nothing but the file.
//
// Everything streams: what grows with the number of documents (lists, tables)
// goes to scratch files while originals are written, so a package of 20 GB takes
// the memory of a small one.
package bag
