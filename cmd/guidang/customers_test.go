package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/pipeline"
)

const someCustomers = `客户,别名,邮件域名,项目编号,项目名称,合同编号,状态
华信制造股份有限公司,华信制造,huaxin.example,PROJ-20250801,订单管理系统,HT-2025-0725,执行中
安澜物流集团有限公司,安澜物流,anlan.example,,,,
`

func TestCustomersByCommand(t *testing.T) {
	t.Parallel()
	data, _ := ingested(t)
	list := filepath.Join(t.TempDir(), "客户名册.csv")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command(t, "customers", "import", filepath.Join(t.TempDir(), "none.xlsx"), "--data", data).want(t, exitFailed)
	write("水果,数量\n苹果,3\n梨,4\n")
	if o := command(t, "customers", "import", list, "--data", data).want(t, exitFailed); !strings.Contains(o.stderr, "holds no list of customers") {
		t.Errorf("a table of fruit: %s", o.stderr)
	}
	write(someCustomers)
	var in pipeline.Import
	command(t, "customers", "import", list, "--dry-run", "--json", "--data", data).want(t, exitDone).decode(t, &in)
	if in.CustomersAdded != 2 || in.Assigned != nil {
		t.Errorf("a dry run: %+v", in)
	}
	command(t, "customers", "import", list, "--json", "--data", data).want(t, exitDone).decode(t, &in)
	if in.CustomersAdded != 2 || in.ProjectsAdded != 1 || in.Assigned == nil || in.Assigned.Documents == 0 {
		t.Errorf("import: %+v", in)
	}
	if o := command(t, "customers", "import", list, "--data", data).want(t, exitDone); !strings.Contains(o.stdout, "0 customers added, 0 changed") {
		t.Errorf("again: %s", o.stdout)
	}
	write(strings.Replace(someCustomers, "执行中", "已结项", 1))
	if o := command(t, "customers", "import", list, "--data", data).want(t, exitIncomplete); !strings.Contains(o.stdout, "row 2, 华信制造股份有限公司: state: the list says closed, running stands there") {
		t.Errorf("a conflict: %s", o.stdout)
	}
	command(t, "customers", "import", list, "--overwrite", "--json", "--data", data).want(t, exitIncomplete)

	var customers struct{ Customers []pipeline.CustomerView }
	command(t, "customers", "list", "--json", "--data", data).want(t, exitDone).decode(t, &customers)
	if len(customers.Customers) != 2 || customers.Customers[0].Name != "华信制造股份有限公司" || len(customers.Customers[0].Projects) != 1 || customers.Customers[0].Projects[0].State != "closed" {
		t.Errorf("customers %+v", customers)
	}
	var projects struct{ Projects []pipeline.ProjectView }
	command(t, "projects", "list", "--customer", "华信制造", "--json", "--data", data).want(t, exitDone).decode(t, &projects)
	if len(projects.Projects) != 1 || projects.Projects[0].Key != "PROJ-20250801" {
		t.Errorf("projects %+v", projects)
	}
	command(t, "projects", "show", "HT-2025-0725", "--json", "--data", data).want(t, exitDone)
	command(t, "projects", "show", "PROJ-9", "--data", data).want(t, exitFailed)
	command(t, "customers", "show", "华信制造", "--data", data).want(t, exitDone)
	command(t, "customers", "add", "新客户", "--domain", "new.example", "--data", data).want(t, exitDone)
	command(t, "customers", "propose", "--json", "--data", data).want(t, exitDone)
}

func TestAssignByCommand(t *testing.T) {
	t.Parallel()
	data, source := ingested(t)
	list := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(list, []byte(someCustomers), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "customers", "import", list, "--data", data).want(t, exitDone)
	var queue struct{ Doubts []pipeline.Doubt }
	command(t, "assign", "queue", "--json", "--data", data).want(t, exitDone).decode(t, &queue)
	if len(queue.Doubts) != 1 || queue.Doubts[0].Locator != "合同/合同说明.txt" {
		t.Fatalf("queue %+v", queue)
	}
	if o := command(t, "assign", "queue", "--data", data).want(t, exitDone); !strings.Contains(o.stdout, "华信制造股份有限公司 PROJ-20250801  ") || !strings.Contains(o.stdout, "text 华信制造") {
		t.Errorf("queue %s", o.stdout)
	}
	id := queue.Doubts[0].Document
	for _, args := range [][]string{{"to"}, {"to", id}, {"to", id, "--folder", "x", "--customer", "y"}, {"to", id, "--nobody", "--customer", "安澜物流"}, {"not", "--customer", "安澜物流"}, {"queue", "--limit", "0"}} {
		command(t, append(append([]string{"assign"}, args...), "--data", data)...).want(t, exitUsage)
	}
	var said pipeline.Said
	command(t, "assign", "to", id, "--project", "PROJ-20250801", "--json", "--data", data).want(t, exitDone).decode(t, &said)
	if said.Documents != 1 {
		t.Errorf("said %+v", said)
	}
	if o := command(t, "assign", "queue", "--data", data).want(t, exitDone); o.stdout != "" {
		t.Errorf("the question was answered: %s", o.stdout)
	}
	command(t, "assign", "to", "--folder", filepath.Join(source, "sub"), "--customer", "安澜物流", "--who", "何嘉", "--data", data).want(t, exitDone)
	var account pipeline.Assigning
	command(t, "assign", "--json", "--data", data).want(t, exitDone).decode(t, &account)
	if account.Confirmed != 3 || account.Changed != 0 || account.Looked != 0 {
		t.Errorf("account %+v", account)
	}
	command(t, "assign", "not", id, "--customer", "华信制造", "--data", data).want(t, exitDone)
	o := command(t, "search", "customer:安澜物流", "--data", data).want(t, exitDone)
	if !strings.Contains(o.stdout, "长 名字.txt") {
		t.Errorf("search by an alias: %s", o.stdout)
	}
}
