package meili

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/meilisearch/meilisearch-go"
)

// start sends what the server does later, and gives the task.
func (s *server) start(ctx context.Context, what string, call func(context.Context) (*meilisearch.TaskInfo, error)) (uid int64, err error) {
	err = s.do(ctx, what, s.pace.attempts, func(ctx context.Context) error {
		t, err := call(ctx)
		if err == nil {
			uid = t.TaskUID
		}
		return err
	})
	return uid, err
}

// run sends what the server does later and waits until it is done.
func (s *server) run(ctx context.Context, what string, call func(context.Context) (*meilisearch.TaskInfo, error)) error {
	uid, err := s.start(ctx, what, call)
	if err != nil {
		return err
	}
	failed, err := s.wait(ctx, []int64{uid})
	if err == nil && failed[uid] != nil {
		err = fmt.Errorf("meilisearch: %s: %w", what, failed[uid])
	}
	return err
}

// taskGone is the code of a task that the server does not show.
const taskGone = "task_not_found"

// tasksAtOnce keeps the address of a request short.
const tasksAtOnce = 100

// wait waits until all tasks are over and gives those that did not succeed.
func (s *server) wait(ctx context.Context, uids []int64) (failed map[int64]*Error, err error) {
	failed = map[int64]*Error{}
	open := slices.Clone(uids)
	for every := s.pace.poll; len(open) > 0; every = min(every*3/2+1, s.pace.pollMost) {
		ask := open[:min(len(open), tasksAtOnce)]
		var got *meilisearch.TaskResult
		err := s.do(ctx, "tasks", s.pace.attempts, func(ctx context.Context) (err error) {
			got, err = s.api.GetTasksWithContext(ctx, &meilisearch.TasksQuery{UIDS: ask, Limit: int64(len(ask))})
			return err
		})
		if err != nil {
			return nil, err
		}
		over := make(map[int64]bool, len(ask))
		for _, uid := range ask {
			over[uid] = true
		}
		for _, uid := range ask {
			at := slices.IndexFunc(got.Results, func(t meilisearch.Task) bool { return t.UID == uid })
			if at < 0 { // somebody deleted it; whether it was done is not known
				failed[uid] = &Error{Code: taskGone, Message: "the task is gone from the server"}
				continue
			}
			switch t := &got.Results[at]; t.Status {
			case meilisearch.TaskStatusSucceeded:
			case meilisearch.TaskStatusFailed:
				failed[uid] = &Error{Code: t.Error.Code, Message: t.Error.Message}
			case meilisearch.TaskStatusCanceled:
				failed[uid] = &Error{Code: "canceled", Message: "the task was canceled on the server"}
			default:
				delete(over, uid)
			}
		}
		open = slices.DeleteFunc(open, func(uid int64) bool { return over[uid] })
		if len(open) == 0 || len(over) == len(ask) {
			continue
		}
		if err := pause(ctx, every); err != nil {
			return nil, fmt.Errorf("meilisearch: tasks: %w", err)
		}
	}
	return failed, nil
}

// idle waits until the server has no task of an index to do, at most so long.
func (s *server) idle(ctx context.Context, uid string, most time.Duration) error {
	end := time.Now().Add(most)
	for every := s.pace.poll; time.Now().Before(end); every = min(every*3/2+1, s.pace.pollMost) {
		var got *meilisearch.TaskResult
		err := s.do(ctx, "tasks", askAttempts, func(ctx context.Context) (err error) {
			got, err = s.api.GetTasksWithContext(ctx, &meilisearch.TasksQuery{
				IndexUIDS: []string{uid}, Statuses: []meilisearch.TaskStatus{meilisearch.TaskStatusEnqueued, meilisearch.TaskStatusProcessing}, Limit: 1,
			})
			return err
		})
		if err != nil || len(got.Results) == 0 {
			return err
		}
		if err := pause(ctx, every); err != nil {
			return err
		}
	}
	return nil
}
